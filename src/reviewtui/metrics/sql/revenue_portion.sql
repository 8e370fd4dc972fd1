-- Revenue of one portion of the customers, so that memory stays bounded however many there are: the movements from month
-- to month, and what earlier cohorts still pay. Sums of portions add up to the whole; those of the months from
-- revenue_begin on are inserted into the tables that `billing.sql` made. Reads native_mrr, those, month, number, setting.

-- Months whose revenue cannot be known because a rate is missing: lag 0 for the month's own rate, 1, 3 and 12
-- for what was paid that many months earlier.
create table portion_gap as
with lags as (select k as lag from number where k in (0, 1, 3, 12)),
gap as (
    select distinct n.code, n.month + l.lag as month, l.lag, n.currency
    from (select distinct code, currency, month from native_mrr) n
    cross join lags l
    cross join setting s
    left join rate r on r.currency = n.currency and r.month = n.month + l.lag
    where r.rate is null and n.month + l.lag <= s.current_month
)
select code, month, lag, min(currency) as currency from gap group by code, month, lag
union all
select 0, month, lag, min(currency) from gap group by month, lag;

-- The same in base currency at the month's own rate, and at the rate of 1, 3 and 12 months later.
create table converted_mrr as
select
    n.code, n.customer, n.month,
    cast(sum(cast(cast(n.native as double) * r0.rate as decimal(38, 10))) as double) as mrr,
    cast(sum(cast(cast(n.native as double) * r1.rate as decimal(38, 10))) as double) as mrr_1,
    cast(sum(cast(cast(n.native as double) * r3.rate as decimal(38, 10))) as double) as mrr_3,
    cast(sum(cast(cast(n.native as double) * r12.rate as decimal(38, 10))) as double) as mrr_12,
    bool_or(r1.rate is null) as lacks_rate_1
from native_mrr n
left join rate r0 on r0.currency = n.currency and r0.month = n.month
left join rate r1 on r1.currency = n.currency and r1.month = n.month + 1
left join rate r3 on r3.currency = n.currency and r3.month = n.month + 3
left join rate r12 on r12.currency = n.currency and r12.month = n.month + 12
group by n.code, n.customer, n.month;

-- What is zero or less counts as nothing; totals below zero are worth a warning.
insert into negative_total
select c.month, count(*)
from converted_mrr c
join revenue_begin b on c.month >= b.month
where c.mrr <= -0.005
group by c.month;

-- Customers with revenue, by product and for all products together.
create table customer_mrr as
select code, customer, month, mrr, greatest(mrr_1, 0) as mrr_1, greatest(mrr_3, 0) as mrr_3,
    greatest(mrr_12, 0) as mrr_12, lacks_rate_1
from converted_mrr
where mrr >= 0.005
union all
select
    0, customer, month, cast(sum(cast(mrr as decimal(38, 10))) as double),
    cast(sum(cast(greatest(mrr_1, 0) as decimal(38, 10))) as double),
    cast(sum(cast(greatest(mrr_3, 0) as decimal(38, 10))) as double),
    cast(sum(cast(greatest(mrr_12, 0) as decimal(38, 10))) as double),
    bool_or(lacks_rate_1)
from converted_mrr
where mrr >= 0.005
group by customer, month;

drop table converted_mrr;

-- A customer whose total is zero or less is no part of MRR, so their lines are no part of a share.
insert into share_part
select n.code, coalesce(n.group_name, 'other'), n.month, sum(cast(cast(n.native as double) * r.rate as decimal(38, 10)))
from native_mrr n
join customer_mrr m on m.code = n.code and m.customer = n.customer and m.month = n.month
join revenue_begin f on n.month >= f.month
left join rate r on r.currency = n.currency and r.month = n.month
where n.code in (
    select b.code from billing_range b where b.product_id in (select product_id from share_group)
)
group by n.code, coalesce(n.group_name, 'other'), n.month;

drop table native_mrr;

-- One row a customer and month with revenue: what they pay now (b), what they paid the month before at the rate of
-- then and of now (a), and when they paid last and pay next.
create table paying_month as
with neighbours as (
    select
        code, month, mrr,
        lag(month) over customer_months as paid_before, lag(mrr) over customer_months as mrr_before,
        lag(mrr_1) over customer_months as mrr_before_now, lag(lacks_rate_1) over customer_months as lacks_rate,
        lead(month) over customer_months as paid_next
    from customer_mrr
    window customer_months as (partition by code, customer order by month)
)
select
    n.code, n.month, n.mrr as b,
    case when n.paid_before = n.month - 1 then n.mrr_before end as a_then,
    case when n.paid_before = n.month - 1 then n.mrr_before_now end as a_now,
    n.paid_before = n.month - 1 and n.lacks_rate as lacks_rate,
    n.paid_next is null or n.paid_next > n.month + 1 as is_last,
    case
        when n.paid_before = n.month - 1 then 'kept'
        when n.paid_before is null then 'new'
        when s.reactivation_window_days > 0
            and date_diff('day', was.last_day, now.first_day) > s.reactivation_window_days then 'new'
        else 'reactivated'
    end as bucket
from neighbours n
cross join setting s
join month now on now.month = n.month
left join month was on was.month = n.paid_before;

-- What churned customers paid stays at the rate of then: only those who still pay need this month's rate for it.
insert into rate_gap
select g.code, g.month, g.lag, g.currency
from portion_gap g
join revenue_begin b on g.month >= b.month
left join (select distinct code, month from paying_month where lacks_rate) p on p.code = g.code and p.month = g.month
where g.lag <> 1 or p.code is not null;

insert into mrr_part
select
    code, month,
    sum(cast(b as decimal(38, 10))),
    coalesce(sum(cast(b as decimal(38, 10))) filter (where bucket = 'new'), 0),
    coalesce(sum(cast(b as decimal(38, 10))) filter (where bucket = 'reactivated'), 0),
    coalesce(sum(cast(b as decimal(38, 10)) - cast(a_now as decimal(38, 10))) filter (where b > a_now), 0),
    coalesce(sum(cast(a_now as decimal(38, 10)) - cast(b as decimal(38, 10))) filter (where b < a_now), 0),
    0,
    coalesce(sum(cast(a_now as decimal(38, 10)) - cast(a_then as decimal(38, 10))), 0),
    count(*), 0
from paying_month
where month >= (select month from revenue_begin)
group by code, month
union all
select code, month + 1, 0, 0, 0, 0, 0, sum(cast(b as decimal(38, 10))), 0, 0, count(*)
from paying_month
where is_last and month + 1 >= (select month from revenue_begin)
group by code, month + 1;

drop table paying_month;

-- What the customers of 3 and 12 months ago pay now.
insert into cohort_part
with opening as (
    select code, customer, month + 3 as month, 3 as lag, mrr_3 as opening from customer_mrr
    union all
    select code, customer, month + 12, 12, mrr_12 from customer_mrr
)
select
    o.code, o.month, o.lag, sum(cast(o.opening as decimal(38, 10))),
    sum(cast(coalesce(c.mrr, 0) as decimal(38, 10))),
    sum(cast(least(o.opening, coalesce(c.mrr, 0)) as decimal(38, 10)))
from opening o
cross join setting s
join revenue_begin b on o.month >= b.month
left join customer_mrr c on c.code = o.code and c.customer = o.customer and c.month = o.month
where o.month <= s.current_month
group by o.code, o.month, o.lag;

-- The forecast needs to know who is invoiced in the open month, and which products were billed in the one before.
insert into open_mrr
select r.product_id, c.customer_id, m.month, m.mrr
from customer_mrr m
join billing_range r on r.code = m.code
join billing_customer c on c.customer = m.customer
cross join setting s
where m.code <> 0 and m.month between s.current_month - 1 and s.current_month;

drop table customer_mrr;

select sum(customer_months) as negative_totals from negative_total;
