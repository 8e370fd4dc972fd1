-- Organisations by month of one era. Reads input_event, input_event_month, slot, usage_product, era_month; inserts into
-- org_part.

create table org_activity as
select e.product_id, e.org_id, bit_or(s.month_bit) as months
from input_event e
join slot s on s.slot = e.slot
where e.org_id is not null and e.is_key_action
group by e.product_id, e.org_id
union all
select e.product_id, e.org_id, bit_or(m.month_bit)
from input_event_month e
join era_month m on m.month = e.month
where e.org_id is not null and e.is_key_action
group by e.product_id, e.org_id;

insert into org_part
with masks as (
    select p.code, a.months
    from org_activity a
    join usage_product p on p.product_id = a.product_id
    union all
    select 0, bit_or(months) from org_activity group by org_id
)
select o.code, m.month, sum((o.months >> m.place) & 1)
from masks o
join era_month m on m.is_reported
group by o.code, m.month;

drop table org_activity;

select count(*) as rows_so_far from org_part;
