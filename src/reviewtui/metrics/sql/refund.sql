-- Refunds by the month they are dated in. Reads input_refund, input_customer, rate, billing_range, setting.
-- A month without refunds is a true zero while the product is billed.

with refunded as (
    select
        r.product_id, cast(extract(year from r.refunded_on) * 12 + extract(month from r.refunded_on) - 1 as integer) as month,
        coalesce(r.currency, s.base_currency) as currency, sum(r.amount) as native
    from input_refund r
    cross join setting s
    where r.customer_id is null or r.customer_id not in (select customer_id from input_customer where is_internal)
    group by 1, 2, 3
),
converted as (
    select
        f.product_id, f.month, max(case when r.rate is null then f.currency end) as own_gap,
        sum(cast(cast(f.native as double) * r.rate as decimal(38, 10))) as refunds
    from refunded f
    left join rate r on r.currency = f.currency and r.month = f.month
    group by f.product_id, f.month
),
pooled as (
    select product_id, month, own_gap, refunds from converted
    union all
    select '*', month, max(own_gap), sum(refunds) from converted group by month
),
span as (
    select product_id, min(month) as first_month, max(month) as last_month
    from (
        select product_id, month from pooled
        union all
        select product_id, first_month from billing_range
        union all
        select product_id, last_month from billing_range
    )
    where product_id in (select product_id from pooled)
    group by product_id
)
select
    s.product_id, m.month, p.own_gap,
    case when p.own_gap is null then cast(coalesce(p.refunds, 0) as double) end as refunds
from span s
join month m on m.month between s.first_month and s.last_month
cross join setting t
left join pooled p on p.product_id = s.product_id and p.month = m.month
where m.month <= t.current_month;
