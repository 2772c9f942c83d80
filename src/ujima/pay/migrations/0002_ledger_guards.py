"""The ledger guards itself.

When a line comes, its account is locked and its balance moves; at commit the transaction must
have exactly the lines it declared, sum to zero, and leave each account at or over its floor.
The declared number of lines closes a hole: without it a balanced pair could be added later.
FOR NO KEY UPDATE, not FOR UPDATE: the foreign key already holds a key-share lock on the account,
and raising that to FOR UPDATE deadlocks under load. Callers add lines in order of account.
"""

from django.db import migrations

from ujima.base.tables import append_only, only_update

GUARDS = """
create function pay_line_moves_balance() returns trigger language plpgsql security definer
set search_path = public as $$
begin
    perform from pay_account where id = new.account_id for no key update;
    update pay_account set balance_minor = balance_minor + new.amount_minor
        where id = new.account_id and currency = new.currency;
    if not found then
        raise exception 'line_in_another_currency' using errcode = '23514',
            constraint = 'line_in_another_currency';
    end if;
    return new;
end $$;
create trigger moves_balance before insert on pay_line
    for each row execute function pay_line_moves_balance();

create function pay_transaction_is_whole() returns trigger language plpgsql as $$
declare
    given uuid;
    declared int;
    counted int;
    total numeric;
    currencies int;
begin
    if tg_table_name = 'pay_line' then given := new.transaction_id; else given := new.id; end if;
    select lines into declared from pay_transaction where id = given;
    select count(*), coalesce(sum(amount_minor), 0), count(distinct currency)
        into counted, total, currencies from pay_line where transaction_id = given;
    if counted < 2 or counted <> declared then
        raise exception 'transaction_lacks_lines' using errcode = '23514',
            constraint = 'transaction_lacks_lines';
    end if;
    if total <> 0 or currencies <> 1 then
        raise exception 'transaction_does_not_balance' using errcode = '23514',
            constraint = 'transaction_does_not_balance';
    end if;
    return null;
end $$;
create constraint trigger is_whole after insert on pay_transaction
    deferrable initially deferred for each row execute function pay_transaction_is_whole();
create constraint trigger is_whole after insert on pay_line
    deferrable initially deferred for each row execute function pay_transaction_is_whole();

create function pay_account_over_floor() returns trigger language plpgsql as $$
begin
    if exists (select from pay_account where id = new.account_id
               and floor_minor is not null and balance_minor < floor_minor) then
        raise exception 'account_under_its_floor' using errcode = '23514',
            constraint = 'account_under_its_floor';
    end if;
    return null;
end $$;
create constraint trigger over_floor after insert on pay_line
    deferrable initially deferred for each row execute function pay_account_over_floor();

create function pay_accrual_is_posted_once() returns trigger language plpgsql as $$
begin
    if old.transaction_id is not null
       or to_jsonb(new) - 'transaction_id' <> to_jsonb(old) - 'transaction_id' then
        raise exception 'accrual_is_posted_once' using errcode = '23514',
            constraint = 'accrual_is_posted_once';
    end if;
    return new;
end $$;
create trigger posted_once before update on pay_accrual
    for each row execute function pay_accrual_is_posted_once();
"""
UNDO = """
drop trigger posted_once on pay_accrual; drop function pay_accrual_is_posted_once();
drop trigger over_floor on pay_line; drop function pay_account_over_floor();
drop trigger is_whole on pay_line; drop trigger is_whole on pay_transaction;
drop function pay_transaction_is_whole();
drop trigger moves_balance on pay_line; drop function pay_line_moves_balance();
"""


class Migration(migrations.Migration):
    dependencies = [("pay", "0001_tables")]
    operations = [
        migrations.RunSQL(GUARDS, UNDO),
        append_only("pay_transaction", "pay_line", "pay_purchaseorder"),
        only_update("pay_account", "floor_minor"),
        only_update("pay_accrual", "transaction_id"),
    ]
