-- Tickets and how quickly they were answered. Reads input_ticket, input_ticket_event, input_customer, working_day, reply_target,
-- month, setting.
-- Business time is a number line: working seconds since the first working day. `working_day` gives each calendar
-- day its position on the line (weekends and holidays share the position of the next working day).

create table support_ticket as
with event_fact as (
    select
        e.ticket_id,
        min(case when e.kind = 'escalate' then e.at end) as escalated_at,
        min(case when e.kind = 'public_reply' then e.at end) as first_reply_at
    from input_ticket_event e
    group by e.ticket_id
)
select
    t.ticket_id, t.product_id, t.created_at, lower(t.priority) as priority, t.solved_at,
    coalesce(t.first_reply_at, f.first_reply_at) as first_reply_at,
    coalesce(t.escalated_at, f.escalated_at) as escalated_at,
    lower(t.escalation_priority) as escalation_priority, t.escalation_reply_at
from input_ticket t
left join event_fact f on f.ticket_id = t.ticket_id
where coalesce(lower(t.status), '') not in ('merged', 'spam', 'deleted')
    and (t.org_id is null
        or t.org_id not in (select org_id from input_customer where is_internal and org_id is not null));

-- Escalations: the priority then, and the first public reply after it.
create table escalation as
with priority_then as (
    select e.ticket_id, lower(e.value) as priority,
        row_number() over (partition by e.ticket_id order by e.at desc) as recency
    from input_ticket_event e
    join support_ticket t on t.ticket_id = e.ticket_id
    where e.kind = 'priority' and e.at <= t.escalated_at
),
replied as (
    select e.ticket_id, min(e.at) as at
    from input_ticket_event e
    join support_ticket t on t.ticket_id = e.ticket_id
    where e.kind = 'public_reply' and e.at >= t.escalated_at
    group by e.ticket_id
)
select
    t.ticket_id, t.product_id, 'escalated' as kind, t.escalated_at as started_at,
    coalesce(t.escalation_reply_at, r.at) as ended_at,
    coalesce(t.escalation_priority, p.priority, t.priority) as priority
from support_ticket t
left join priority_then p on p.ticket_id = t.ticket_id and p.recency = 1
left join replied r on r.ticket_id = t.ticket_id
where t.escalated_at is not null;

-- What a customer waits for: the first reply, and a next reply for each first message since the last reply.
create table wait as
with turns as (
    select e.ticket_id, e.kind, e.at,
        lag(e.kind) over (partition by e.ticket_id order by e.at, e.kind) as kind_before
    from input_ticket_event e
    where e.kind in ('public_reply', 'customer_reply')
),
asked_again as (
    select t.ticket_id, t.at as started_at
    from turns t
    where t.kind = 'customer_reply' and t.kind_before = 'public_reply'
),
answered as (
    select a.ticket_id, a.started_at, min(e.at) as replied_at
    from asked_again a
    left join input_ticket_event e
        on e.ticket_id = a.ticket_id and e.kind = 'public_reply' and e.at >= a.started_at
    group by a.ticket_id, a.started_at
)
select
    t.ticket_id, t.product_id, 'first' as kind, t.created_at as started_at,
    least(coalesce(t.first_reply_at, t.solved_at), coalesce(t.solved_at, t.first_reply_at)) as ended_at, t.priority
from support_ticket t
where t.escalated_at is null
union all
select
    t.ticket_id, t.product_id, 'next', a.started_at,
    case
        when t.solved_at is not null and t.solved_at >= a.started_at
            then least(coalesce(a.replied_at, t.solved_at), t.solved_at)
        else a.replied_at
    end, t.priority
from answered a
join support_ticket t on t.ticket_id = a.ticket_id
where t.escalated_at is null
union all
select ticket_id, product_id, kind, started_at, ended_at, priority from escalation;

-- The waits on the line of working seconds; `target` is what the reply may take.
create table wait_clock as
select
    w.ticket_id, w.product_id, w.kind, w.started_at, t.clock, t.target_seconds,
    d.position + case when d.is_working then date_diff('second', cast(d.day as timestamp), w.started_at) else 0 end
        as started,
    e.position + case when e.is_working then date_diff('second', cast(e.day as timestamp), w.ended_at) else 0 end
        as ended,
    w.ended_at
from wait w
join reply_target t on t.kind = w.kind and t.priority = w.priority
join working_day d on d.product_id = w.product_id and d.clock = t.clock and d.day = cast(w.started_at as date)
left join working_day e on e.product_id = w.product_id and e.clock = t.clock and e.day = cast(w.ended_at as date);

-- Waiting for the customer stops the clock.
create table pause_clock as
with statuses as (
    select e.ticket_id, lower(e.value) as status, e.at,
        lead(e.at) over (partition by e.ticket_id order by e.at, e.value) as until_at
    from input_ticket_event e
    where e.kind = 'status'
),
pauses as (
    select p.ticket_id, p.at, coalesce(p.until_at, s.as_of_local) as until_at
    from statuses p
    cross join setting s
    where p.status in ('pending', 'hold', 'on-hold', 'on_hold')
),
placed as (
    select
        w.ticket_id, w.kind, w.started_at, w.started, w.target_seconds, w.ended,
        greatest(w.started,
            d.position + case when d.is_working then date_diff('second', cast(d.day as timestamp), p.at) else 0 end)
            as paused,
        e.position + case when e.is_working then date_diff('second', cast(e.day as timestamp), p.until_at) else 0 end
            as resumed
    from pauses p
    join wait_clock w on w.ticket_id = p.ticket_id and w.kind in ('first', 'next')
    join working_day d on d.product_id = w.product_id and d.clock = w.clock and d.day = cast(p.at as date)
    join working_day e on e.product_id = w.product_id and e.clock = w.clock and e.day = cast(p.until_at as date)
),
measured as (
    select *, resumed - paused as length,
        coalesce(sum(resumed - paused) over (
            partition by ticket_id, kind, started_at order by paused, resumed
            rows between unbounded preceding and 1 preceding), 0) as length_before
    from placed
    where resumed > paused and (ended is null or paused < ended)
)
select ticket_id, kind, started_at, sum(length) as paused_seconds
from measured
where paused - started - length_before < target_seconds
group by ticket_id, kind, started_at;

create table reply_verdict as
with due as (
    select
        w.ticket_id, w.product_id, w.kind, w.clock, w.started_at, w.ended, w.ended_at,
        w.started + w.target_seconds + coalesce(p.paused_seconds, 0) as due
    from wait_clock w
    left join pause_clock p on p.ticket_id = w.ticket_id and p.kind = w.kind and p.started_at = w.started_at
)
select
    u.ticket_id, u.product_id, u.kind, d.day as due_day, u.started_at, u.ended_at,
    cast(extract(year from d.day) * 12 + extract(month from d.day) - 1 as integer) as month,
    u.ended is not null and u.ended <= u.due as is_met,
    (u.ended is not null and u.ended > u.due)
        or (u.ended is null and cast(d.day as timestamp) + (u.due - d.position) * interval 1 second < s.as_of_local)
        as is_breached
from due u
cross join setting s
join working_day d on d.product_id = u.product_id and d.clock = u.clock and d.is_working
    and d.position <= u.due and u.due < d.position + 86400;

create table support_month as
with fact as (
    select
        product_id, cast(extract(year from created_at) * 12 + extract(month from created_at) - 1 as integer) as month,
        1 as created, 0 as escalated, 0 as escalated_met, 0 as escalated_judged, 0 as reply_met, 0 as reply_judged
    from support_ticket
    union all
    select
        product_id, cast(extract(year from started_at) * 12 + extract(month from started_at) - 1 as integer),
        0, 1, 0, 0, 0, 0
    from escalation
    union all
    select
        product_id, month, 0, 0,
        case when kind = 'escalated' and is_met then 1 else 0 end,
        case when kind = 'escalated' and (is_met or is_breached) then 1 else 0 end,
        case when kind <> 'escalated' and is_met then 1 else 0 end,
        case when kind <> 'escalated' and (is_met or is_breached) then 1 else 0 end
    from reply_verdict
),
pooled as (
    select * from fact
    union all
    select '*', month, created, escalated, escalated_met, escalated_judged, reply_met, reply_judged from fact
),
counted as (
    select
        product_id, month, sum(created) as created, sum(escalated) as escalated,
        sum(escalated_met) as escalated_met, sum(escalated_judged) as escalated_judged,
        sum(reply_met) as reply_met, sum(reply_judged) as reply_judged
    from pooled
    group by product_id, month
),
seen as (
    select product_id, created_at as seen_at from support_ticket
    union all
    select product_id, started_at from escalation
),
span as (
    select
        product_id,
        min(cast(extract(year from seen_at) * 12 + extract(month from seen_at) - 1 as integer)) as first_month,
        max(cast(extract(year from seen_at) * 12 + extract(month from seen_at) - 1 as integer)) as last_month
    from seen
    group by product_id
),
spans as (
    select product_id, first_month, last_month from span
    union all
    select '*', min(first_month), max(last_month) from span having count(*) > 0
)
select
    s.product_id, m.month,
    coalesce(c.created, 0) as tickets_created, coalesce(c.escalated, 0) as tickets_escalated,
    coalesce(c.escalated_met, 0) as escalated_met, coalesce(c.escalated_judged, 0) as escalated_judged,
    coalesce(c.reply_met, 0) as reply_met, coalesce(c.reply_judged, 0) as reply_judged,
    c.escalated_met / nullif(c.escalated_judged, 0) as escalated_sla,
    c.reply_met / nullif(c.reply_judged, 0) as sla
from spans s
join month m on m.month between s.first_month and s.last_month
cross join setting t
left join counted c on c.product_id = s.product_id and c.month = m.month
where m.month <= t.current_month;

select
    s.*, u.unique_users, s.tickets_created / nullif(u.unique_users, 0) as tickets_per_user
from support_month s
left join usage_count u on u.product_id = s.product_id and u.month = s.month;
