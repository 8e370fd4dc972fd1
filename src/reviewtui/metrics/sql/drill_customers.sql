-- What each customer pays in a month and paid some months before, and how they moved. `drill` says which product ('*':
-- all together), month and lag. Reads billing_line, rate, number, input_customer, month, setting, drill.

create table drill_line as
select l.product_id, l.customer_id, l.currency, l.first_month, l.last_month, l.slice
from billing_line l
cross join drill d
where l.counts and (d.product_id = '*' or l.product_id = d.product_id)
    and l.first_month <= d.month;

create table drill_native as
select l.product_id, l.customer_id, l.currency, l.first_month + n.k as month, sum(l.slice) as native
from drill_line l
join number n on n.k <= l.last_month - l.first_month
cross join drill d
where l.first_month + n.k in (d.month, d.month - d.lag)
group by l.product_id, l.customer_id, l.currency, l.first_month + n.k;

-- In base currency, at the month's own rate and at the closing month's; totals of zero or less count as nothing.
create table drill_paid as
with converted as (
    select
        n.product_id, n.customer_id, n.month,
        cast(sum(cast(cast(n.native as double) * own.rate as decimal(38, 10))) as double) as mrr,
        cast(sum(cast(cast(n.native as double) * closing.rate as decimal(38, 10))) as double) as closing_rate_mrr
    from drill_native n
    cross join drill d
    left join rate own on own.currency = n.currency and own.month = n.month
    left join rate closing on closing.currency = n.currency and closing.month = d.month
    group by n.product_id, n.customer_id, n.month
)
select
    customer_id, month, cast(sum(cast(mrr as decimal(38, 10))) as double) as mrr,
    cast(sum(cast(greatest(closing_rate_mrr, 0) as decimal(38, 10))) as double) as closing_rate_mrr
from converted
where mrr >= 0.005
group by customer_id, month;

-- For those who pay again or for the first time: when they paid last before, at that month's rates.
create table drill_history as
with gained as (
    select p.customer_id
    from drill_paid p
    cross join drill d
    where p.month = d.month
        and p.customer_id not in (select b.customer_id from drill_paid b cross join drill x where b.month = x.month - x.lag)
),
native as (
    select l.product_id, l.customer_id, l.currency, l.first_month + n.k as month, sum(l.slice) as native
    from drill_line l
    join gained g on g.customer_id = l.customer_id
    join number n on n.k <= l.last_month - l.first_month
    cross join drill d
    where l.first_month + n.k < d.month
    group by l.product_id, l.customer_id, l.currency, l.first_month + n.k
),
paid as (
    select n.product_id, n.customer_id, n.month
    from native n
    left join rate r on r.currency = n.currency and r.month = n.month
    group by n.product_id, n.customer_id, n.month
    having sum(cast(cast(n.native as double) * r.rate as decimal(38, 10))) >= 0.005
)
select customer_id, max(month) as paid_before from paid group by customer_id;

create table drill_customer as
with both_months as (
    select
        p.customer_id,
        max(case when p.month = d.month - d.lag then p.mrr end) as before_then,
        max(case when p.month = d.month - d.lag then p.closing_rate_mrr end) as before_now,
        max(case when p.month = d.month then p.mrr end) as mrr_now
    from drill_paid p
    cross join drill d
    group by p.customer_id
)
select
    b.customer_id, coalesce(c.name, b.customer_id) as customer, coalesce(c.segment, '') as segment,
    case
        when b.mrr_now is null then 'churned'
        when b.before_then is null and h.paid_before is null then 'new'
        when b.before_then is null and s.reactivation_window_days > 0
            and date_diff('day', was.last_day, now.first_day) > s.reactivation_window_days then 'new'
        when b.before_then is null then 'reactivated'
        when b.mrr_now > b.before_now then 'expansion'
        when b.mrr_now < b.before_now then 'contraction'
        else 'unchanged'
    end as movement,
    coalesce(b.before_then, 0) as before_then,
    case when b.mrr_now is null then coalesce(b.before_then, 0) else coalesce(b.before_now, 0) end as before_now,
    coalesce(b.before_now, 0) as opening,
    coalesce(b.mrr_now, 0) as mrr_now,
    case when b.mrr_now is null then 0 else coalesce(b.before_now, 0) - coalesce(b.before_then, 0) end as fx,
    coalesce(b.mrr_now, 0) - case when b.mrr_now is null then coalesce(b.before_then, 0) else coalesce(b.before_now, 0) end
        as change
from both_months b
cross join drill d
cross join setting s
left join drill_history h on h.customer_id = b.customer_id
left join month now on now.month = d.month
left join month was on was.month = h.paid_before
left join input_customer c on c.customer_id = b.customer_id;

-- What each customer adds to the sums that the metrics are made of.
create table drill_piece as
with piece as (
    select
        customer_id, customer, segment, movement, mrr_now as mrr, before_then as opening_mrr,
        case when movement = 'new' then mrr_now else 0 end as new_mrr,
        case when movement = 'reactivated' then mrr_now else 0 end as reactivation_mrr,
        case when movement = 'expansion' then change else 0 end as expansion_mrr,
        case when movement = 'contraction' then -change else 0 end as contraction_mrr,
        case when movement = 'churned' then before_then else 0 end as churned_mrr,
        fx as fx_effect, opening as cohort_opening,
        case when opening > 0 then mrr_now else 0 end as cohort_closing,
        case when opening > 0 then least(opening, mrr_now) else 0 end as cohort_retained,
        case when mrr_now > 0 then 1 else 0 end as paying_customers,
        case when before_then > 0 then 1 else 0 end as opening_customers,
        case when movement = 'churned' then 1 else 0 end as churned_customers
    from drill_customer
)
select
    *, mrr - opening_mrr as mrr_change, 12 * mrr as arr, churned_mrr + contraction_mrr as lost_mrr,
    churned_mrr + contraction_mrr - expansion_mrr as net_lost_mrr,
    opening_mrr - churned_mrr - contraction_mrr as retained_mrr,
    opening_mrr + expansion_mrr - contraction_mrr - churned_mrr as kept_mrr,
    new_mrr + reactivation_mrr + expansion_mrr as gained_mrr,
    paying_customers - opening_customers as customer_change
from piece;

-- The sums by segment, of decimals, so that the order of rows never matters.
create table drill_segment as
select
    segment,
    cast(sum(cast(columns(* exclude (customer_id, customer, segment, movement)) as decimal(38, 10))) as double)
from drill_piece
group by segment;

select count(*) as customers from drill_customer;
