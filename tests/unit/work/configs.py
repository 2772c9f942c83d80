"""Labelling configs that several tests read."""

from ujima.work.labelling.config import parse

PAIR = """<View>
  <Header value="Does the second follow from the first?" size="3"/>
  <Text name="premise" value="$text"/>
  <Text name="claim" value="$hypothesis"/>
  <Choices name="entails" toName="claim" choice="single" required="true" showInLine="true">
    <Choice value="Yes" alias="1" hotkey="y"/>
    <Choice value="No" alias="0" hint="also if unsure"/>
  </Choices>
</View>"""

PHOTO = """<View>
  <Image name="photo" value="$image"/>
  <View>
    <Choices name="seen" toName="photo" choice="multiple">
      <Choice value="cat"/>
      <Choice value="dog"/>
      <Choice value="a bird"/>
    </Choices>
    <TextArea name="note" toName="photo" rows="2" placeholder="Anything else?" maxSubmissions="1"/>
  </View>
</View>"""

pair = parse(PAIR)
photo = parse(PHOTO)
