"""The hot statements of quality, by hand. A skill is locked before beliefs, those by unit id."""

#: the job's newest fit and this person's skill, nulls for what is not there yet
SKILL = """
with fit as (
    select power, gold_answers, priors, input_hash, told from quality_fit
    where org_id = %(org)s and job_id = %(job)s order by id desc limit 1
), skill as (
    select counts, judgments, gold_seen, gold_right from quality_skill
    where org_id = %(org)s and job_id = %(job)s and person_id = %(person)s for update
)
select fit.*, skill.* from (select) as one left join fit on true left join skill on true
"""

#: what is believed of units; a unit's first judgment opens its belief, and if another first one
#: came at the same moment, waits for it and goes on from there
BELIEFS = """
with known as (
    select unit_id, evidence, judgments, version, total from quality_belief
    where unit_id = any(%(units)s) order by unit_id for update
), opened as (
    insert into quality_belief (unit_id, org_id, job_id, evidence, judgments, version)
    select unit, %(org)s, %(job)s, %(prior)s, 0, 0
    from unnest(%(units)s::bigint[]) as unit
    where unit not in (select unit_id from known) order by unit
    on conflict (unit_id) do update set judgments = quality_belief.judgments
    returning unit_id, evidence, judgments, version, total
)
select * from known union all select * from opened
"""

#: no lock is waited for if the mark is there: the fit that removes it reads after it has
MARK_DIRTY = """
insert into quality_dirty (job_id, org_id, since) values (%(job)s, %(org)s, %(now)s)
on conflict (job_id) do nothing
"""

#: moves the beliefs and the skill together, and marks the job; `evidence` is one flat array,
#: `width` numbers a unit
MOVE = """
with given as (
    select u.unit, u.judgments, u.version, u.total,
        (%(evidence)s::float8[])[
            ((u.place - 1) * %(width)s + 1)::int:(u.place * %(width)s)::int] as evidence
    from unnest(%(units)s::bigint[], %(judgments)s::smallint[], %(versions)s::smallint[],
        %(totals)s::bytea[]) with ordinality as u (unit, judgments, version, total, place)
), moved as (
    update quality_belief b
    set evidence = given.evidence, judgments = given.judgments, version = given.version,
        total = given.total
    from given where b.unit_id = any(%(units)s) and b.unit_id = given.unit
), marked as (
    insert into quality_dirty (job_id, org_id, since) values (%(job)s, %(org)s, %(now)s)
    on conflict (job_id) do nothing
)
insert into quality_skill (org_id, job_id, person_id, provider_id, counts, judgments, gold_seen,
    gold_right)
values (%(org)s, %(job)s, %(person)s, %(provider)s, %(counts)s, %(n)s, %(seen)s, %(right)s)
on conflict (org_id, job_id, person_id) do update
set counts = excluded.counts, judgments = excluded.judgments, gold_seen = excluded.gold_seen,
    gold_right = excluded.gold_right, provider_id = excluded.provider_id
"""

#: what a fit thinks of units; `evidence` and `width` as above
SWAP_BELIEFS = """
update quality_belief b
set version = given.version, total = given.total, evidence = (%(evidence)s::float8[])[
    ((given.place - 1) * %(width)s + 1)::int:(given.place * %(width)s)::int]
from unnest(%(units)s::bigint[], %(versions)s::smallint[], %(totals)s::bytea[])
    with ordinality as given (unit, version, total, place)
where b.unit_id = any(%(units)s) and b.unit_id = given.unit
"""

#: the answer given out, and the pointer to it
RESULTS = """
with given as (
    select * from unnest(%(ids)s::uuid[], %(units)s::bigint[], %(versions)s::smallint[],
        %(answers)s::jsonb[], %(confidences)s::float8[], %(judgments)s::smallint[],
        %(methods)s::text[], %(ended)s::text[], %(labels)s::text[], %(hashes)s::text[],
        %(shares)s::float8[])
    as g (id, unit_id, version, answer, confidence, judgments, method, ended, label, hash, share)
), kept as (
    insert into quality_result (id, org_id, job_id, unit_id, version, answer, confidence,
        judgments, method, method_version, input_hash, ended, model_share, at)
    select id, %(org)s, %(job)s, unit_id, version, answer, confidence, judgments, method,
        %(method_version)s, hash, ended, share, %(now)s from given
    on conflict (org_id, unit_id, version) do nothing
    returning id, unit_id
)
insert into quality_current (unit_id, org_id, job_id, result_id, confidence, label)
select g.unit_id, %(org)s, %(job)s, g.id, g.confidence, g.label
from given g join kept k on k.id = g.id
on conflict (unit_id) do update
set result_id = excluded.result_id, confidence = excluded.confidence, label = excluded.label
"""
