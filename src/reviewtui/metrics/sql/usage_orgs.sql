-- Organisations by month of one era. Reads reported_event, input_event_month, slot, usage_kind,
-- usage_product, era_month; inserts into org_part.

create table org_activity as
select p.code, e.org_id, bit_or(s.month_bit) as months
from reported_event e
join slot s on s.slot = e.slot
join usage_kind p on p.kind = e.kind
where e.org_id is not null
group by p.code, e.org_id
union all
select p.code, e.org_id, bit_or(m.month_bit)
from input_event_month e
join era_month m on m.month = e.month and m.is_reported
join usage_product p on p.product_id = e.product_id
where e.org_id is not null and e.is_key_action
group by p.code, e.org_id;

insert into org_part
with masks as (
    select code, months from org_activity
    union all
    select 0, bit_or(months) from org_activity group by org_id
)
select o.code, m.month, sum((o.months >> m.place) & 1)
from masks o
join era_month m on m.is_reported
group by o.code, m.month;

drop table org_activity;

select count(*) as rows_so_far from org_part;
