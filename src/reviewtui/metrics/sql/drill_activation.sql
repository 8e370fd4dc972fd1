-- Activation of the organisations that first showed intent in a month, criterion by criterion.
-- Reads input_product_intent, drill_event, input_customer, activation_version, activation_criterion, setting, drill.

create table drill_intent as
with first_intent as (
    select i.org_id, min(i.first_intent_at_us) as intent_us
    from input_product_intent i
    join drill d on d.product_id = i.product_id
    where i.org_id is not null
        and i.org_id not in (select org_id from input_customer where is_internal and org_id is not null)
    group by i.org_id
),
version as (
    select v.valid_from, v.window_us
    from activation_version v
    join drill d on d.product_id = v.product_id
    where v.valid_from = (
        select max(w.valid_from)
        from activation_version w
        cross join drill x
        where w.product_id = x.product_id and w.valid_from <= x.month)
)
select
    f.org_id, f.intent_us, f.intent_us + v.window_us as until_us, v.valid_from,
    case when f.intent_us + v.window_us > s.as_of_us then 1 else 0 end as is_immature
from first_intent f
cross join version v
cross join setting s
join drill d on f.intent_us >= d.month_us and f.intent_us < d.until_us;

create table drill_criterion_met as
select i.org_id, c.criterion
from drill_event e
join drill d on d.product_id = e.product_id
join drill_intent i on i.org_id = e.org_id
join activation_criterion c on c.product_id = d.product_id and c.valid_from = i.valid_from
where e.occurred_at_us >= d.month_us and e.occurred_at_us >= i.intent_us and e.occurred_at_us <= i.until_us
    and (c.event is null or c.event = e.event)
group by i.org_id, c.criterion
having count(*) >= max(c.event_count);

create table drill_activated as
with criteria as (
    select count(*) as needed
    from activation_criterion c
    join drill d on d.product_id = c.product_id
    where c.valid_from in (select valid_from from drill_intent)
),
met as (
    select org_id, count(*) as met from drill_criterion_met group by org_id
),
organisation as (
    select org_id, min(name) as name, min(segment) as segment
    from input_customer
    where org_id is not null
    group by org_id
)
select
    i.org_id, coalesce(o.name, i.org_id) as organisation, coalesce(o.segment, '') as segment, i.intent_us,
    coalesce(m.met, 0) as met, c.needed,
    case
        when i.is_immature = 1 then 'still in the window'
        when coalesce(m.met, 0) = c.needed then 'activated'
        else 'not activated'
    end as outcome,
    case when i.is_immature = 0 and coalesce(m.met, 0) = c.needed then 1 else 0 end as activated,
    1 - i.is_immature as cohort
from drill_intent i
cross join criteria c
left join met m on m.org_id = i.org_id
left join organisation o on o.org_id = i.org_id;

-- How many organisations of the cohort met each criterion, and all of them.
create table drill_criterion as
select
    c.criterion, coalesce(c.event, 'any event') as event, c.event_count,
    sum(a.cohort) as cohort, sum(case when m.org_id is not null then a.cohort else 0 end) as organisations
from activation_criterion c
join drill d on d.product_id = c.product_id
cross join drill_activated a
left join drill_criterion_met m on m.org_id = a.org_id and m.criterion = c.criterion
where c.valid_from in (select valid_from from drill_intent)
group by c.criterion, c.event, c.event_count
union all
select 1000000, 'all criteria: activated', 1, sum(cohort), sum(activated) from drill_activated having count(*) > 0;

create table drill_segment as
select segment, sum(activated) as activated, sum(cohort) as cohort from drill_activated group by segment;

select count(*) as organisations from drill_intent;
