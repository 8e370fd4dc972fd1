-- MRR that the open month is heading for: what is invoiced already, and for everybody else their usage projected to the
-- end of the billing period that ends in the month. A billing period is the monthly anniversary of the subscription's
-- start. Reads input_subscription, input_usage_day, input_customer, open_mrr, setting.

with internal as (
    select customer_id from input_customer where is_internal
),
subscribed as (
    select
        product_id, customer_id, started_on, billing_limit,
        -- Cancelled without a date: over as of now.
        coalesce(ended_on, case when lower(status) in ('cancelled', 'canceled') then s.as_of_day end) as ended_on,
        row_number() over (
            partition by product_id, customer_id
            order by case when ended_on is null then 0 else 1 end, started_on, subscription_id
        ) as choice
    from input_subscription
    cross join setting s
    where customer_id not in (select customer_id from internal)
),
counted as (
    select
        b.*, s.as_of_day, s.current_month,
        s.current_month - cast(extract(year from b.started_on) * 12 + extract(month from b.started_on) - 1 as integer)
            as months_old
    from subscribed b
    cross join setting s
    where b.choice = 1
),
period as (
    select
        product_id, customer_id, started_on, ended_on, billing_limit, as_of_day, current_month,
        cast(started_on + (months_old - 1) * interval 1 month as date) as period_start,
        cast(started_on + months_old * interval 1 month as date) as period_end
    from counted
    where months_old >= 1
),
used as (
    select
        p.product_id, p.customer_id, p.started_on, p.ended_on, p.billing_limit, p.as_of_day, p.current_month,
        p.period_start, p.period_end, count(*) as days_seen,
        cast(coalesce(sum(u.revenue) filter (where u.day >= p.period_start and u.day < p.period_end), 0) as double)
            as so_far,
        cast(coalesce(sum(u.revenue) filter (where u.day >= p.as_of_day - 7), 0) as double) as last_week
    from period p
    join (
        -- No period that ends in this month, nor the week before it, began earlier.
        select product_id, customer_id, day, revenue
        from input_usage_day
        where day >= (select as_of_day - 70 from setting) and revenue is not null
    ) u on u.product_id = p.product_id and u.customer_id = p.customer_id
        and u.day >= p.period_start - 7 and u.day < p.as_of_day
    where p.ended_on is null or p.ended_on > p.period_start
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
),
projected as (
    select
        product_id, customer_id, current_month, billing_limit,
        case
            when period_end <= as_of_day or ended_on <= as_of_day then so_far
            when date_diff('day', started_on, as_of_day) < 31 then so_far
            when date_diff('day', period_start, as_of_day) < 7
                then so_far + last_week / 168 * 24 * date_diff('day', as_of_day, period_end)
            else so_far / date_diff('day', period_start, as_of_day) * date_diff('day', period_start, period_end)
        end as revenue
    from used
),
-- Customers who are invoiced already are known; the others are expected to pay what is projected.
expected_customer as (
    select
        p.product_id, m.mrr is null as is_open,
        least(p.revenue, coalesce(cast(p.billing_limit as double), p.revenue)) as revenue
    from projected p
    left join open_mrr m
        on m.product_id = p.product_id and m.customer_id = p.customer_id and m.month = p.current_month
),
forecast as (
    select
        product_id, count(*) filter (where is_open) as customers,
        cast(coalesce(sum(cast(greatest(0, revenue) as decimal(38, 10))) filter (where is_open), 0) as double)
            as expected
    from expected_customer
    group by product_id
),
invoiced as (
    select m.product_id, cast(sum(cast(m.mrr as decimal(38, 10))) as double) as mrr
    from open_mrr m
    join setting s on s.current_month = m.month
    group by m.product_id
),
known as (
    select distinct product_id from open_mrr
    union
    select product_id from forecast
),
by_product as (
    select
        k.product_id, f.customers, coalesce(i.mrr, 0) as invoiced, coalesce(f.expected, 0) as expected
    from known k
    left join forecast f on f.product_id = k.product_id
    left join invoiced i on i.product_id = k.product_id
)
select product_id, customers, invoiced, expected, invoiced + expected as mrr
from by_product
where customers is not null
union all
-- All products together only if every product that is billed has a forecast.
select
    '*', sum(customers), cast(sum(cast(invoiced as decimal(38, 10))) as double),
    cast(sum(cast(expected as decimal(38, 10))) as double),
    cast(sum(cast(invoiced + expected as decimal(38, 10))) as double)
from by_product
having count(*) > 0 and count(*) = count(customers);
