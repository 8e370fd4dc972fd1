-- The tickets and replies behind a month's support metrics. Reads support_ticket, escalation, reply_verdict (as
-- `support.sql` makes them), input_ticket, input_customer, drill.

create table drill_ticket as
with organisation as (
    select org_id, min(name) as name, min(segment) as segment
    from input_customer
    where org_id is not null
    group by org_id
),
scoped as (
    select s.*, t.org_id, coalesce(lower(t.status), '') as status
    from support_ticket s
    join input_ticket t on t.ticket_id = s.ticket_id
    cross join drill d
    where d.product_id = '*' or s.product_id = d.product_id
)
select
    s.ticket_id, s.product_id, s.created_at, coalesce(s.priority, '') as priority, s.status, s.first_reply_at,
    s.escalated_at, s.solved_at, coalesce(o.name, s.org_id, '') as organisation, coalesce(o.segment, '') as segment,
    case when cast(s.created_at as date) between d.first_day and d.last_day then 1 else 0 end as is_created,
    case when cast(s.escalated_at as date) between d.first_day and d.last_day then 1 else 0 end as is_escalated
from scoped s
cross join drill d
left join organisation o on o.org_id = s.org_id;

create table drill_reply as
select
    v.ticket_id, v.kind, v.due_day, v.started_at, v.ended_at, t.priority, t.organisation, t.segment,
    case when v.is_met then 'met' else 'breached' end as verdict, case when v.is_met then 1 else 0 end as is_met
from reply_verdict v
join drill d on d.month = v.month
join drill_ticket t on t.ticket_id = v.ticket_id and t.product_id = v.product_id
where v.is_met or v.is_breached;

create table drill_segment as
with piece as (
    select segment, is_created as tickets_created, is_escalated as tickets_escalated, 0 as escalated_met,
        0 as escalated_judged, 0 as reply_met, 0 as reply_judged
    from drill_ticket
    union all
    select segment, 0, 0, case when kind = 'escalated' then is_met else 0 end,
        case when kind = 'escalated' then 1 else 0 end, case when kind <> 'escalated' then is_met else 0 end,
        case when kind <> 'escalated' then 1 else 0 end
    from drill_reply
)
select
    segment, sum(tickets_created) as tickets_created, sum(tickets_escalated) as tickets_escalated,
    sum(escalated_met) as escalated_met, sum(escalated_judged) as escalated_judged, sum(reply_met) as reply_met,
    sum(reply_judged) as reply_judged
from piece
group by segment;

select count(*) as tickets from drill_ticket;
