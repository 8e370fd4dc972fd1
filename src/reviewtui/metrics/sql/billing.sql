-- The billing lines with the months they belong to, and exchange rates.
-- Reads input_invoice_line, input_subscription_period, input_customer, input_fx_rate, month, setting.
-- A month is an integer: year * 12 + month - 1. Money is summed as decimals, so that the order of rows never matters.

-- Every line with the months it belongs to and what one of them holds; `counts` says whether it is MRR.
create view invoice_billing_line as
with internal as (
    select customer_id from input_customer where is_internal
),
dated as (
    select
        l.product_id, l.customer_id, l.sku, l.period_start, l.period_end, l.amount,
        coalesce(l.currency, s.base_currency) as currency,
        greatest(1, cast(round(date_diff('day', l.period_start, l.period_end) / 30.44) as integer)) as months,
        case when s.period_end_is_exclusive then l.period_end - interval 1 day else l.period_end end as counted_end,
        s.attribution,
        lower(l.kind) = 'recurring' and l.subscription_id is not null
            and coalesce(lower(l.status), '') not in ('draft', 'void', 'uncollectible') as counts
    from input_invoice_line l
    cross join setting s
    where l.customer_id not in (select customer_id from internal)
),
placed as (
    select
        product_id, customer_id, sku, currency, counts,
        cast(amount as double) / months as slice,
        case attribution
            when 'period_end' then extract(year from counted_end) * 12 + extract(month from counted_end) - months
            when 'period_start' then extract(year from period_start) * 12 + extract(month from period_start) - 1
            else extract(year from period_start) * 12 + extract(month from period_start) - 1
                + case when extract(day from period_start) = 1 then 0 else 1 end
        end as first_month,
        case attribution
            when 'period_end' then extract(year from counted_end) * 12 + extract(month from counted_end) - 1
            when 'period_start' then extract(year from period_start) * 12 + extract(month from period_start) - 2 + months
            else extract(year from period_end) * 12 + extract(month from period_end) - 1
                - case when extract(day from period_end) = 1 then 1 else 0 end
        end as last_month
    from dated
)
select
    product_id, customer_id, sku, currency, counts,
    cast(first_month as integer) as first_month, cast(last_month as integer) as last_month,
    cast(last_month as integer) as data_until,
    cast(slice as decimal(38, 12)) as slice
from placed;

create view billing_line as
with internal as (
    select customer_id from input_customer where is_internal
)
select product_id, customer_id, sku, currency, counts, first_month, last_month, data_until, slice, true as is_invoice
from invoice_billing_line
union all
select
    p.product_id, p.customer_id, cast(null as varchar), coalesce(p.currency, s.base_currency), true,
    p.first_month,
    case when p.end_month is null then s.current_month else p.end_month - 1 end,
    -- The end of a period is data too: it says that the customer stopped.
    case when p.end_month is null then s.current_month else p.end_month end,
    cast(p.monthly_amount as decimal(38, 12)), false
from (
    select
        product_id, customer_id, currency, monthly_amount,
        cast(extract(year from start_on) * 12 + extract(month from start_on) - 1
            + case when extract(day from start_on) = 1 then 0 else 1 end as integer) as first_month,
        -- The first month whose first day is not covered any more.
        cast(extract(year from end_on) * 12 + extract(month from end_on) - 1
            + case when extract(day from end_on) = 1 then 0 else 1 end as integer) as end_month
    from input_subscription_period
) p
cross join setting s
where p.customer_id not in (select customer_id from internal)
    and p.product_id not in (select product_id from invoice_billing_line where counts);

-- Exchange rates to the base currency; the base currency itself is 1 in every month.
create table rate as
select m.month, s.base_currency as currency, cast(1 as double) as rate
from month m cross join setting s
union all
select f.month, f.currency, f.rate_to_base
from input_fx_rate f cross join setting s
where f.currency <> s.base_currency;

select count(distinct currency) as currencies from rate;
