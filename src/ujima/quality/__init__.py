"""Quality: what is true, how sure we are, and when to stop asking.

Four ideas: judgments become a posterior over each unit's answer (`truth/`, in the background;
`online`, one judgment at a time); a tempered posterior decides when a unit has been asked often
enough (`stopping`); gold and inference together say how far a person's answers on this kind of
job can be relied on (`trust`); and a unit's questions become categorical problems (`answers`).
"""
