-- Activation: organisations that met every criterion, by month of their first intent.
-- Reads first_intent, intent, criterion_met, activation_criterion, activation_begin, month, setting.

with needed as (
    select product_id, valid_from, count(*) as criteria
    from activation_criterion
    group by product_id, valid_from
),
met as (
    select product_id, org_id, count(*) as criteria from criterion_met group by product_id, org_id
),
judged as (
    select
        i.product_id, i.month, i.is_immature, coalesce(m.criteria, 0) = n.criteria as is_activated
    from intent i
    join needed n on n.product_id = i.product_id and n.valid_from = i.valid_from
    left join met m on m.product_id = i.product_id and m.org_id = i.org_id
),
counted as (
    select
        product_id, month,
        count(*) filter (where not is_immature) as cohort,
        count(*) filter (where not is_immature and is_activated) as activated,
        count(*) filter (where is_immature) as immature
    from judged
    group by product_id, month
),
span as (
    select product_id, min(month) as first_month, max(month) as last_month from first_intent group by product_id
)
select
    s.product_id, m.month, coalesce(c.cohort, 0) as cohort, coalesce(c.activated, 0) as activated,
    coalesce(c.immature, 0) as immature, c.activated / nullif(c.cohort, 0) as activation_rate
from span s
join month m on m.month between s.first_month and s.last_month
join activation_begin b on m.month >= b.month
cross join setting t
left join counted c on c.product_id = s.product_id and c.month = m.month
where m.month <= t.current_month;
