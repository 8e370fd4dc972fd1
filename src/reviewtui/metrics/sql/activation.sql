-- Activation: organisations that met every criterion within the window after their first intent.
-- Reads input_product_intent, input_event, input_customer, activation_version, activation_criterion, setting.

create table intent as
with first_intent as (
    select product_id, org_id, min(first_intent_at_us) as intent_us, min(first_intent_at) as intent_local
    from input_product_intent
    where org_id is not null
        and org_id not in (select org_id from input_customer where is_internal and org_id is not null)
    group by product_id, org_id
),
dated as (
    select
        product_id, org_id, intent_us,
        cast(extract(year from intent_local) * 12 + extract(month from intent_local) - 1 as integer) as month
    from first_intent
),
versioned as (
    select d.product_id, d.org_id, d.month, d.intent_us, max(v.valid_from) as valid_from
    from dated d
    join activation_version v on v.product_id = d.product_id and v.valid_from <= d.month
    group by d.product_id, d.org_id, d.month, d.intent_us
)
select
    d.product_id, d.org_id, d.month, d.intent_us, d.valid_from, d.intent_us + v.window_us as until_us,
    d.intent_us + v.window_us > s.as_of_us as is_immature
from versioned d
join activation_version v on v.product_id = d.product_id and v.valid_from = d.valid_from
cross join setting s;

-- What each organisation has to do, and until when: few rows beside the events they are looked up in.
create table intent_criterion as
select i.product_id, i.org_id, i.intent_us, i.until_us, c.criterion, c.event, c.event_count
from intent i
join activation_criterion c on c.product_id = i.product_id and c.valid_from = i.valid_from;

create table criterion_met as
with seen as (
    select c.product_id, c.org_id, c.criterion, c.event_count
    from input_event e
    join intent_criterion c on c.product_id = e.product_id and c.org_id = e.org_id and c.event = e.event
    where e.occurred_at_us >= c.intent_us and e.occurred_at_us <= c.until_us
    union all
    -- A criterion without a name is met by any event.
    select c.product_id, c.org_id, c.criterion, c.event_count
    from input_event e
    join intent_criterion c on c.product_id = e.product_id and c.org_id = e.org_id
    where c.event is null and e.occurred_at_us >= c.intent_us and e.occurred_at_us <= c.until_us
)
select product_id, org_id, criterion
from seen
group by product_id, org_id, criterion
having count(*) >= max(event_count);

drop table intent_criterion;

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
    select product_id, min(month) as first_month, max(month) as last_month from intent group by product_id
)
select
    s.product_id, m.month, coalesce(c.cohort, 0) as cohort, coalesce(c.activated, 0) as activated,
    coalesce(c.immature, 0) as immature, c.activated / nullif(c.cohort, 0) as activation_rate
from span s
join month m on m.month between s.first_month and s.last_month
cross join setting t
left join counted c on c.product_id = s.product_id and c.month = m.month
where m.month <= t.current_month;
