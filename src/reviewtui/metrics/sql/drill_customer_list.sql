-- What is known of each customer behind a month's MRR: the last answer, open tickets, since when they pay. Reads
-- drill_customer and drill_line (as `drill_customers.sql` makes them), rate, number, input_customer,
-- input_survey_response, input_ticket, month, drill, drill_most.

-- The biggest, this month or the month before: only of them more is looked for.
create table drill_listed as
with ranked as (
    select
        customer_id,
        row_number() over (order by greatest(mrr_now, before_then) desc, customer, customer_id) as place
    from drill_customer
)
select r.customer_id, c.org_id
from ranked r
cross join drill_most m
left join input_customer c on c.customer_id = r.customer_id
where r.place <= m.listed;

-- The last valid answer of each organisation until the end of the month.
create table drill_answer as
with ranked as (
    select
        r.org_id, cast(r.score as integer) as score, cast(r.submitted_at as date) as answered_on,
        row_number() over (
            partition by r.org_id order by r.submitted_at desc, r.response_id desc, r.score desc) as recency
    from input_survey_response r
    cross join drill d
    where r.score between 0 and 10 and r.score = floor(r.score)
        and (d.product_id = '*' or r.product_id = d.product_id)
        and cast(r.submitted_at as date) <= d.last_day
        and r.org_id in (select org_id from drill_listed)
)
select org_id, score, answered_on from ranked where recency = 1;

-- Tickets created by the end of the month and not solved by then; a closed one without a time of solution is not open.
create table drill_open_ticket as
select t.org_id, count(*) as tickets
from input_ticket t
cross join drill d
where (d.product_id = '*' or t.product_id = d.product_id)
    and cast(t.created_at as date) <= d.last_day
    and (cast(t.solved_at as date) > d.last_day
        or (t.solved_at is null and coalesce(lower(t.status), '') not in ('solved', 'closed')))
    and coalesce(lower(t.status), '') not in ('merged', 'spam', 'deleted')
    and t.org_id in (select org_id from drill_listed)
group by t.org_id;

-- The first month with MRR, at each month's own rates.
create table drill_first_paid as
with native as (
    select l.product_id, l.customer_id, l.currency, l.first_month + n.k as month, sum(l.slice) as native
    from drill_line l
    join drill_listed b on b.customer_id = l.customer_id
    join number n on n.k <= l.last_month - l.first_month
    cross join drill d
    where l.first_month + n.k <= d.month
    group by l.product_id, l.customer_id, l.currency, l.first_month + n.k
),
paid as (
    select n.product_id, n.customer_id, n.month
    from native n
    left join rate r on r.currency = n.currency and r.month = n.month
    group by n.product_id, n.customer_id, n.month
    having sum(cast(cast(n.native as double) * r.rate as decimal(38, 10))) >= 0.005
)
select p.customer_id, min(m.first_day) as paid_since
from paid p
join month m on m.month = p.month
group by p.customer_id;

create table drill_customer_list as
with together as (
    select cast(sum(cast(mrr_now as decimal(38, 10))) as double) as mrr from drill_customer
)
select
    c.customer_id, c.customer, c.segment, c.mrr_now, c.change, c.movement,
    case when s.mrr > 0 then c.mrr_now / s.mrr end as share,
    a.score, a.answered_on,
    case when l.org_id is not null then coalesce(t.tickets, 0) end as open_tickets,
    substr(cast(f.paid_since as varchar), 1, 7) as paid_since,
    greatest(c.mrr_now, c.before_then) as size
from drill_customer c
cross join together s
left join drill_listed l on l.customer_id = c.customer_id
left join drill_answer a on a.org_id = l.org_id
left join drill_open_ticket t on t.org_id = l.org_id
left join drill_first_paid f on f.customer_id = c.customer_id;

select count(*) as customers from drill_customer_list;
