"""The hot statements of work, by hand. docs/work.md tells why each is as it is.

Locks are taken in one order everywhere: bookmark, leases, (skill, beliefs), units by id. A claim
takes units with SKIP LOCKED and so never waits for one.

A statement that is given ids must go by them. A table that a buyer's file has just filled has no
statistics yet, and the planner then believes that "all units of this job" are one row, and reads
them all: 77 ms instead of .1 for ten units of 13,000. So where ids are given, whose they must be
is asked with `is not distinct from`, which says the same as `=` here and has no index; and
`offset 0` keeps "not already hers" and "under this key" a look into an index for each one.
"""

#: what a claim must know of a job, if the worker's provider holds an accepted channel to it; and
#: her bookmark in it, which lets one claim at a time go on for a person and job, so that her two
#: phones do not race each other
OPEN_JOB = """
with job as (
    select j.org_id, j.id, j.version, j.page_size, j.lease_minutes, j.gold_share_bp, j.state,
        j.deadline, j.judgments_max, j.quiz_units
    from work_job j
    where j.id = %(job)s
      and not exists (select from work_stop s where s.org_id = j.org_id and s.job_id = j.id
                      and s.person_id = %(person)s)
      and exists (
        select from work_channel c
        where c.org_id = j.org_id and c.job_id = j.id and c.provider_id = %(provider)s
          and (c.centre_id is null or c.centre_id = %(centre)s::uuid)
          and c.accepted_at is not null and c.withdrawn_at is null)
), bookmark as (
    insert into work_bookmark (org_id, job_id, person_id, seq, offered, golds)
    select org_id, id, %(person)s, 0, 0, 0 from job
    on conflict (org_id, job_id, person_id) do update set offered = work_bookmark.offered
    returning seq, offered, golds
)
select org_id, version, page_size, lease_minutes, gold_share_bp, state, deadline, seq, offered,
    golds, judgments_max,
    coalesce((select sum(i.golds) from work_import i
              where i.org_id = job.org_id and i.job_id = job.id), 0)::int,
    coalesce((select sum(i.kept - i.golds) from work_import i
              where i.org_id = job.org_id and i.job_id = job.id), 0)::int,
    (select count(*) from (select from work_bookmark b
     where b.org_id = job.org_id and b.job_id = job.id limit 200) came)::int,
    quiz_units
from job, bookmark
"""

#: reserved units first, then open ones after the bookmark; gold mixed in; numbered by chance. Gold
#: that was reserved is given like any other unit, or a provider could tell it by that; it counts.
#: Gold is looked for whether any is wanted or not, or the time that a page takes would tell.
#: Of the open ones in the window the least certain come first, units never judged before them.
#: The window is read without locks; only what is taken is locked, and what a colleague has
#: locked at this moment is passed over and met again when the bookmark comes round.
CLAIM = """
with reserved as (
    select u.id, u.seq from work_reservation r join work_unit u on u.id = r.unit_id
    where r.org_id = %(org)s and r.job_id = %(job)s and r.person_id = %(person)s
      and r.is_waiting and u.is_open
    order by r.unit_id limit %(wanted)s
), view as materialized (
    select u.id, u.seq, u.sure from work_unit u
    where u.org_id = %(org)s and u.job_id = %(job)s and not u.is_gold
      and u.is_open and not u.is_reserved and u.seq > %(seq)s
    order by u.seq limit %(view)s
), fresh as (
    select v.id, v.seq, v.sure from view v
    where not exists (
        select from work_lease l
        where l.org_id = %(org)s and l.unit_id = v.id and l.person_id = %(person)s
          and l.state <> 3
        offset 0)
    order by v.sure, v.seq limit %(wanted)s * 3
), golden as (
    select g.id, g.seq, row_number() over () as place from (
        select u.id, u.seq from work_unit u
        where u.org_id = %(org)s and u.job_id = %(job)s and u.is_gold
          and u.is_open and not u.is_reserved
          and not exists (
            select from work_lease l
            where l.org_id = %(org)s and l.unit_id = u.id and l.person_id = %(person)s
            offset 0)
        order by u.taken, random() limit greatest(%(golds)s, 1)) g
), candidates as (
    select id, 0 as rank, seq, 0 as sure from golden where place <= %(golds)s
    union all select id, 1, seq, 0 from reserved
    union all select id, 2, seq, sure from fresh
), taken as (
    select u.id, u.seq, u.data, u.is_gold, c.rank
    from candidates c join work_unit u on u.id = c.id
    where u.is_open
    order by c.rank, c.sure, c.seq limit %(wanted)s
    for update of u skip locked
), moved as (
    update work_unit u set taken = u.taken + 1, is_open = u.taken + 1 < u.need
    from taken where u.id = taken.id
), leased as (
    insert into work_lease (org_id, job_id, unit_id, person_id, membership_id, provider_id,
        page_id, number, version, state, reason, leased_at, expires_at)
    select %(org)s, %(job)s, t.id, %(person)s, %(membership)s, %(provider)s, %(page)s,
        %(first)s + row_number() over (order by random()), %(version)s, 0, '', %(now)s, %(until)s
    from taken t
    on conflict (org_id, unit_id, person_id) do update
        set page_id = excluded.page_id, number = excluded.number, version = excluded.version,
            membership_id = excluded.membership_id, provider_id = excluded.provider_id,
            state = 0, leased_at = excluded.leased_at, expires_at = excluded.expires_at
    returning unit_id, number
), waited as (
    update work_reservation r set is_waiting = false from taken t
    where r.org_id = %(org)s and r.job_id = %(job)s and r.person_id = %(person)s
      and r.unit_id = t.id and r.is_waiting
), marked as (
    update work_bookmark b
    set seq = coalesce((select max(seq) from taken where rank = 2),
                       (select max(seq) from view), %(seq)s),
        offered = b.offered + (select count(*) from taken),
        golds = b.golds + (select count(*) from taken where is_gold)
    where b.org_id = %(org)s and b.job_id = %(job)s and b.person_id = %(person)s
    returning b.seq
)
select (select count(*) from view), (select seq from marked),
    (select coalesce(json_agg(json_build_array(l.number, t.data) order by l.number), '[]')::text
     from leased l join taken t on t.id = l.unit_id)
"""

#: known units that she has not had, by chance, for a page that says what it is. Rare, and so apart
#: from the claim: it may look at all of a job's gold. It waits for units that others lock at this
#: moment, by id, rather than let her begin without a quiz as none seemed left.
CLAIM_KNOWN = """
with golden as materialized (
    select u.id from work_unit u
    where u.org_id = %(org)s and u.job_id = %(job)s and u.is_gold and u.is_open
      and not u.is_reserved
      and not exists (
        select from work_lease l
        where l.org_id = %(org)s and l.unit_id = u.id and l.person_id = %(person)s
        offset 0)
    order by random() limit %(wanted)s
), taken as (
    select u.id, u.data from golden g join work_unit u on u.id = g.id
    where u.is_open order by u.id for update of u
), moved as (
    update work_unit u set taken = u.taken + 1, is_open = u.taken + 1 < u.need
    from taken where u.id = taken.id
), leased as (
    insert into work_lease (org_id, job_id, unit_id, person_id, membership_id, provider_id,
        page_id, number, version, state, reason, leased_at, expires_at)
    select %(org)s, %(job)s, t.id, %(person)s, %(membership)s, %(provider)s, %(page)s,
        row_number() over (order by random()), %(version)s, 0, '', %(now)s, %(until)s
    from taken t
    returning unit_id, number
), marked as (
    update work_bookmark b
    set offered = b.offered + (select count(*) from taken),
        golds = b.golds + (select count(*) from taken)
    where b.org_id = %(org)s and b.job_id = %(job)s and b.person_id = %(person)s
)
select (select coalesce(json_agg(json_build_array(l.number, t.data) order by l.number), '[]')::text
        from leased l join taken t on t.id = l.unit_id)
"""

#: of her pages of one attempt: units answered, of these met, and units that she holds
KNOWN_SO_FAR = """
select count(*) filter (where j.gold_right is not null), count(*) filter (where j.gold_right),
    count(*) filter (where l.state = 0 and l.expires_at > %(now)s)
from work_knownpage p join work_lease l on l.page_id = p.page_id
left join work_judgment j
    on j.org_id = p.org_id and j.unit_id = l.unit_id and j.person_id = p.person_id
where p.org_id = %(org)s and p.job_id = %(job)s and p.person_id = %(person)s
  and p.attempt = %(attempt)s
"""

#: what an envelope speaks of: its leases, locked, with the gold answer if there is one, and the
#: membership under which she took the page, which is paid whichever of hers she answers under
HELD = """
select l.id, l.number, l.unit_id, l.state, l.version, g.answer, l.membership_id, l.provider_id
from work_lease l left join work_gold g on g.unit_id = l.unit_id
where l.page_id = %(page)s and l.number = any(%(numbers)s)
  and l.org_id is not distinct from %(org)s and l.job_id is not distinct from %(job)s
  and l.person_id is not distinct from %(person)s
order by l.unit_id for update of l
"""

#: judgments that stand already, under these device keys or for these units
STANDING = """
select j.* from unnest(%(keys)s::int[]) as key cross join lateral (
    select unit_id, device_seq, content_hash, true from work_judgment
    where org_id = %(org)s and person_id = %(person)s and device_id = %(device)s
      and device_seq = key
    offset 0) j
union
select unit_id, device_seq, content_hash, device_id = %(device)s from work_judgment
where org_id = %(org)s and unit_id = any(%(units)s)
  and person_id is not distinct from %(person)s
"""

#: late answers are rare: they may hold up the end of their job, whose reserve must pay them
STATE = "select state from work_job where org_id = %(org)s and id = %(job)s for share"
#: the lease ran out: does the unit still have room?
ROOM = """
select id from work_unit
where id = any(%(units)s)
  and org_id is not distinct from %(org)s and job_id is not distinct from %(job)s
  and state = 0 and taken < need
order by id for update
"""
#: it has: her work is taken, and paid
TAKE_BACK = """
with moved as (
    update work_unit u set taken = u.taken + 1, is_open = u.taken + 1 < u.need
    where u.id = any(%(units)s) and u.org_id is not distinct from %(org)s
)
update work_reservation r set is_waiting = false
where r.org_id = %(org)s and r.job_id = %(job)s and r.person_id = %(person)s
  and r.unit_id = any(%(units)s)
"""

KEEP = """
with given as (
    select * from unnest(%(leases)s::bigint[], %(units)s::bigint[], %(versions)s::smallint[],
        %(answers)s::jsonb[], %(milliseconds)s::int[], %(answered)s::timestamptz[],
        %(keys)s::int[], %(hashes)s::bytea[], %(golds)s::boolean[])
    as g (lease_id, unit_id, version, answer, milliseconds, answered_at, device_seq,
          content_hash, gold_right)
), judged as (
    update work_lease l set state = 1 where l.id = any(%(leases)s)
)
insert into work_judgment (org_id, job_id, unit_id, person_id, membership_id, provider_id,
    version, answer, milliseconds, answered_at, at, device_id, device_seq, content_hash,
    gold_right)
select %(org)s, %(job)s, unit_id, %(person)s, %(membership)s, %(provider)s, version, answer,
    milliseconds, answered_at, %(now)s, %(device)s, device_seq, content_hash, gold_right
from given
returning id, unit_id
"""

#: units that want one more judgment, and units that want none; most of those named do already. A
#: settled unit is opened again only where that is asked for, and, if it is kept for named people,
#: only while one of them waits for it: it would be offered to nobody, and its job would never end.
MOVE_UNITS = """
with moves as (
    select * from unnest(%(units)s::bigint[], %(wants)s::smallint[], %(ends)s::boolean[],
        %(again)s::boolean[], %(sures)s::smallint[]) as m (id, wants, ends, again, sure)
), locked as (
    select u.id, m.wants, m.ends, m.sure from work_unit u join moves m on m.id = u.id
    where u.id = any(%(units)s)
      and u.org_id is not distinct from %(org)s and u.job_id is not distinct from %(job)s
      and case u.state when 0 then m.ends or u.need < m.wants
          when 1 then m.again and (not u.is_reserved or exists (
              select from work_reservation r
              where r.unit_id = u.id and r.org_id = %(org)s and r.is_waiting offset 0))
          else false end
    order by u.id for update of u
)
update work_unit u
set need = greatest(u.need, l.wants),
    state = case when l.ends then 1 else 0 end,
    is_open = not l.ends and u.taken < greatest(u.need, l.wants),
    sure = coalesce(l.sure, u.sure)
from locked l where u.id = any(%(units)s) and u.id = l.id
"""

#: leases that end without a judgment, and the places they held on their units
_LET_GO = """
, ended as (
    update work_lease l set state = %(state)s, reason = gone.reason
    from gone where l.id = gone.id
), revived as (
    update work_reservation r set is_waiting = true from gone
    where %(state)s = 3 and r.org_id = %(org)s and r.unit_id = gone.unit_id
      and r.job_id = gone.job_id and r.person_id = gone.person_id
), freed as (
    select u.id, n.places from work_unit u
    join (select unit_id, count(*) as places from gone group by unit_id) n on n.unit_id = u.id
    order by u.id for update of u
), moved as (
    update work_unit u set taken = u.taken - f.places,
        is_open = u.state = 0 and u.taken - f.places < u.need
    from freed f where u.id = f.id
)
select count(*), (array_agg(job_id))[1], max(leased_at) from gone
"""
EXPIRE = (
    """
with gone as (
    select id, unit_id, job_id, person_id, leased_at, '' as reason from work_lease
    where org_id = %(org)s and job_id = %(job)s and state = 0 and expires_at <= %(now)s
    order by unit_id limit 1000 for update skip locked
)"""
    + _LET_GO
)
GIVE_BACK = (
    """
with gone as (
    select l.id, l.unit_id, l.job_id, l.person_id, l.leased_at, g.reason from work_lease l
    join unnest(%(numbers)s::smallint[], %(reasons)s::text[]) as g (number, reason)
        on g.number = l.number
    where l.page_id = %(page)s and l.state = 0
      and l.org_id is not distinct from %(org)s and l.person_id is not distinct from %(person)s
    order by l.unit_id for update of l
)"""
    + _LET_GO
)
