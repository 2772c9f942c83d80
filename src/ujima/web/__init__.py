"""The pages people see. Four ideas: one stylesheet, three layouts, components, charts.

Pages are made on the server and work without JavaScript where they can. Nothing here touches a
table; views ask the domains' queries and call their actions or a flow.
"""
