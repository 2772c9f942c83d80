"""What was reserved before reservations had an end holds for a week more, for the provider in
which the person works and to which the job is offered; what belongs to none is freed."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0005_a_reservation_ends'),
        ('people', '0001_tables'),
    ]

    operations = [
        migrations.RunSQL(
            """
            update work_reservation r set until = now() + interval '7 days', provider_id = (
                select c.provider_id from work_channel c
                join people_membership m on m.organisation_id = c.provider_id
                where c.org_id = r.org_id and c.job_id = r.job_id and m.person_id = r.person_id
                    and m.role = 'worker'
                order by m.ended_at nulls first, c.accepted_at limit 1)
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            with gone as (
                delete from work_reservation where provider_id is null returning unit_id
            )
            update work_unit u set is_reserved = false
            where u.id in (select unit_id from gone) and not exists (
                select from work_reservation r
                where r.unit_id = u.id and r.provider_id is not null)
            """,
            migrations.RunSQL.noop,
        ),
    ]
