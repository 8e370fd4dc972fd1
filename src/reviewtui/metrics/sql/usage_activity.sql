-- In which months the users of one portion were active.
-- Reads user_event, user_event_month, slot, usage_kind, usage_product, era_month.
-- The months are the bits of one number, so that a single pass over the events serves every metric. A run covers one
-- era: the months that fit into the bits; `slot` and `era_month` carry the bits of it.

create table activity as
select
    p.code, e.user_id, bit_or(s.month_bit) as months, bit_or(s.last_7_days_bit) as last_7_days,
    bit_or(s.last_30_days_bits) as last_30_days
from user_event e
join slot s on s.slot = e.slot
join usage_kind p on p.kind = e.kind
group by p.code, e.user_id
union all
select p.code, e.user_id, bit_or(m.month_bit), 0, 0
from user_event_month e
join era_month m on m.month = e.month
join usage_product p on p.product_id = e.product_id
where e.is_key_action
group by p.code, e.user_id;

select count(*) as users from activity;
