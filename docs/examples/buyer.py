"""A buyer's program: send a file of sentences, launch the job, wait, take the results home.

    python docs/examples/buyer.py SITE UNITS.csv PROVIDER

SITE is the site's address, PROVIDER the name of a provider on it. The token, from the site's page
"Keys for programs" with the scopes jobs:write and results:read, stands in UJIMA_TOKEN. Needs
Python 3.11 and nothing else.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

CONFIG = """
<View>
  <Header value="Does the second sentence follow from the first?"/>
  <Text name="text" value="$text"/>
  <Text name="statement" value="$statement"/>
  <Choices name="follows" toName="text" choice="single" required="true">
    <Choice value="yes"/>
    <Choice value="no"/>
  </Choices>
</View>
"""


class Refused(Exception):
    """The site said no: its code, its sentence and the place."""


class Later(Exception):
    """The site is busy or away; the same request may be sent again."""


class Ujima:
    """The site's API, as one token sees it."""

    def __init__(self, site, token):
        self.base, self.token = f"{site.rstrip('/')}/api/v1", token

    def get(self, path):
        return self._call("GET", path, {})

    def post(self, path, key, data=None, kind="application/json"):
        """`key` names this one request: sent again with the same key, it is done once."""
        body = data if isinstance(data, bytes) else json.dumps(data or {}).encode()
        return self._call("POST", path, {"Idempotency-Key": key, "Content-Type": kind}, body)

    def every(self, path):
        """All items of a list, page after page."""
        after = ""
        while after is not None:
            found = self.get(f"{path}?limit=200" + (f"&after={after}" if after else ""))
            yield from found["items"]
            after = found["next"]

    def _call(self, method, path, headers, body=None):
        given = {"Authorization": f"Bearer {self.token}", **headers}
        request = urllib.request.Request(self.base + path, body, given, method=method)
        for pause in (1, 2, 4, 8):
            try:
                return self._send(request)
            except Later:
                time.sleep(pause)  # safe to send again: the key makes it one request
        return self._send(request)

    def _send(self, request):
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            problem = json.load(error)
            told = f"{problem['code']}: {problem['detail']} {problem['place'] or ''}"
            raise (Later if problem["retry"] else Refused)(told) from None
        except urllib.error.URLError as error:
            raise Later(str(error.reason)) from None


def main(site, file, provider):
    ujima = Ujima(site, os.environ["UJIMA_TOKEN"])
    run = f"{Path(file).stem}-{os.environ.get('RUN', 'first')}"
    project = ujima.post("/projects", f"{run}-project", {"title": "Entailment"})
    job = ujima.post(
        "/jobs",
        f"{run}-job",
        {
            "project": project["id"],
            "title": "Does it follow?",
            "instructions": "Read both sentences. Answer **yes** if the second must be true.",
            "config": CONFIG,
            "rate_minor": 5,
            "judgments_min": 2,
            "judgments_max": 3,
            "gold_share_bp": 0,
        },
    )
    here = f"/jobs/{job['id']}"
    taken = ujima.post(f"{here}/units", f"{run}-units", Path(file).read_bytes(), "text/csv")
    print(f"{taken['kept']} units kept, {taken['refused']} rows refused")
    for row in ujima.every(f"{here}/imports/{taken['id']}/refused"):
        print(f"  row {row['row']}, {row['column'] or 'whole row'}: {row['reason']}")

    [theirs] = [one for one in ujima.every("/providers") if one["name"] == provider]
    ujima.post(f"{here}/channels", f"{run}-offer", {"provider": theirs["id"]})
    reserve = ujima.get(f"{here}/estimate")["reserve"]
    print(f"at most {reserve['minor'] / 100:.2f} {reserve['currency']} put aside")
    ujima.post(f"{here}/launch", f"{run}-launch")

    while ujima.get(here)["state"] not in ("finished", "cancelled"):
        time.sleep(2)
    for result in ujima.every(f"{here}/results"):
        print(f"{result['key']}\t{result['label']}\t{result['confidence']:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
