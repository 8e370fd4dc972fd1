-- Which criteria the organisations of one portion met within the window after their first intent.
-- Reads intent, intent_event, activation_criterion, event_kind, activation_begin, portion; inserts into criterion_met.

-- What each organisation has to do, and until when: few rows beside the events they are looked up in.
create table intent_criterion as
select i.product_id, i.org_id, i.intent_us, i.until_us, c.criterion, c.event, k.kind, c.event_count
from intent i
join activation_criterion c on c.product_id = i.product_id and c.valid_from = i.valid_from
left join event_kind k on k.product_id = c.product_id and k.event = c.event
join activation_begin b on i.month >= b.month
cross join portion p
where i.number % p.parts = p.part;

insert into criterion_met
with seen as (
    select c.product_id, c.org_id, c.criterion, c.event_count
    from intent_event e
    join intent_criterion c on c.kind = e.kind and c.org_id = e.org_id
    where e.occurred_at_us >= c.intent_us and e.occurred_at_us <= c.until_us
    union all
    -- A criterion without a name is met by any event.
    select c.product_id, c.org_id, c.criterion, c.event_count
    from intent_event e
    join intent_criterion c on c.product_id = e.product_id and c.org_id = e.org_id
    where c.event is null and e.occurred_at_us >= c.intent_us and e.occurred_at_us <= c.until_us
)
select product_id, org_id, criterion
from seen
group by product_id, org_id, criterion
having count(*) >= max(event_count);

drop table intent_criterion;

select count(*) as rows_so_far from criterion_met;
