-- Recurring revenue by product, customer and month, its movements and its retention.
-- Reads input_invoice_line, input_subscription_period, input_fx_rate, input_customer, month, number, setting, definition_change.
-- A month is an integer: year * 12 + month - 1. Money is summed as decimals, so that the order of rows never matters.

-- Every line with the months it belongs to and what one of them holds; `counts` says whether it is MRR.
create temp view billing_line as
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
from placed
union all
select
    p.product_id, p.customer_id, cast(null as varchar), coalesce(p.currency, s.base_currency), true,
    p.first_month,
    case when p.end_month is null then s.current_month else p.end_month - 1 end,
    -- The end of a period is data too: it says that the customer stopped.
    case when p.end_month is null then s.current_month else p.end_month end,
    cast(p.monthly_amount as decimal(38, 12))
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
    and p.product_id not in (select product_id from input_invoice_line where product_id is not null);

-- The first and last month with billing data; outside it a product's revenue is unknown, not zero. Products and
-- customers get small numbers, so that the large tables below stay small; 0 is all products together.
create temp table billing_range as
with span as (
    select product_id, min(first_month) as first_month, least(max(data_until), max(s.current_month)) as last_month
    from billing_line cross join setting s
    group by product_id
)
select product_id, first_month, last_month, cast(row_number() over (order by product_id) as integer) as code
from span
union all
select '*', min(first_month), max(last_month), 0 from span having count(*) > 0;

create temp table billing_customer as
select customer_id, cast(row_number() over (order by customer_id) as integer) as customer
from (select distinct customer_id from billing_line where counts);

-- What each customer pays in each month, in the currency it is paid in.
create temp table native_mrr as
select r.code, c.customer, l.currency, l.first_month + n.k as month, sum(l.slice) as native
from billing_line l
join billing_range r on r.product_id = l.product_id
join billing_customer c on c.customer_id = l.customer_id
join number n on n.k <= l.last_month - l.first_month
cross join setting s
where l.counts and l.first_month + n.k <= s.current_month
group by r.code, c.customer, l.currency, l.first_month + n.k;

-- Exchange rates to the base currency; the base currency itself is 1 in every month.
create temp table rate as
select m.month, s.base_currency as currency, cast(1 as double) as rate
from month m cross join setting s
union all
select f.month, f.currency, f.rate_to_base
from input_fx_rate f cross join setting s
where f.currency <> s.base_currency;

-- Months whose revenue cannot be known because a rate is missing: lag 0 for the month's own rate, 1, 3 and 12
-- for what was paid that many months earlier.
create temp table rate_gap as
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
create temp table converted_mrr as
select
    n.code, n.customer, n.month,
    sum(cast(n.native as double) * r0.rate) as mrr,
    sum(cast(n.native as double) * r1.rate) as mrr_1,
    sum(cast(n.native as double) * r3.rate) as mrr_3,
    sum(cast(n.native as double) * r12.rate) as mrr_12,
    bool_or(r1.rate is null) as lacks_rate_1
from native_mrr n
left join rate r0 on r0.currency = n.currency and r0.month = n.month
left join rate r1 on r1.currency = n.currency and r1.month = n.month + 1
left join rate r3 on r3.currency = n.currency and r3.month = n.month + 3
left join rate r12 on r12.currency = n.currency and r12.month = n.month + 12
group by n.code, n.customer, n.month;

drop table native_mrr;

-- What is zero or less counts as nothing; totals below zero are worth a warning.
create temp table negative_total as
select count(*) as customer_months from converted_mrr where mrr <= -0.005;

-- Customers with revenue, by product and for all products together.
create temp table customer_mrr as
select code, customer, month, mrr, greatest(mrr_1, 0) as mrr_1, greatest(mrr_3, 0) as mrr_3,
    greatest(mrr_12, 0) as mrr_12, lacks_rate_1
from converted_mrr
where mrr >= 0.005
union all
select 0, customer, month, sum(mrr), sum(greatest(mrr_1, 0)), sum(greatest(mrr_3, 0)), sum(greatest(mrr_12, 0)),
    bool_or(lacks_rate_1)
from converted_mrr
where mrr >= 0.005
group by customer, month;

drop table converted_mrr;

-- One row a customer and month with revenue: what they pay now (b), what they paid the month before at the rate of
-- then and of now (a), and when they paid last and pay next.
create temp table paying_month as
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
delete from rate_gap
where lag = 1 and (code, month) not in (select (code, month) from paying_month where lacks_rate);

create temp table revenue_sum as
with gained as (
    select
        code, month,
        sum(cast(b as decimal(38, 10))) as mrr,
        sum(cast(b as decimal(38, 10))) filter (where bucket = 'new') as new_mrr,
        sum(cast(b as decimal(38, 10))) filter (where bucket = 'reactivated') as reactivation_mrr,
        sum(cast(b as decimal(38, 10)) - cast(a_now as decimal(38, 10))) filter (where b > a_now) as expansion_mrr,
        sum(cast(a_now as decimal(38, 10)) - cast(b as decimal(38, 10))) filter (where b < a_now) as contraction_mrr,
        sum(cast(a_now as decimal(38, 10)) - cast(a_then as decimal(38, 10))) as fx_effect,
        count(*) as paying_customers
    from paying_month
    group by code, month
),
lost as (
    select
        code, month + 1 as month, sum(cast(b as decimal(38, 10))) as churned_mrr, count(*) as churned_customers
    from paying_month
    where is_last
    group by code, month + 1
)
select
    r.product_id, r.code, m.month,
    coalesce(g.mrr, 0) as mrr, coalesce(before.mrr, 0) as opening_mrr, coalesce(g.new_mrr, 0) as new_mrr,
    coalesce(g.reactivation_mrr, 0) as reactivation_mrr, coalesce(g.expansion_mrr, 0) as expansion_mrr,
    coalesce(g.contraction_mrr, 0) as contraction_mrr, coalesce(l.churned_mrr, 0) as churned_mrr,
    coalesce(g.fx_effect, 0) as fx_effect, coalesce(g.paying_customers, 0) as paying_customers,
    coalesce(before.paying_customers, 0) as opening_customers, coalesce(l.churned_customers, 0) as churned_customers
from billing_range r
join month m on m.month between r.first_month and r.last_month
left join gained g on g.code = r.code and g.month = m.month
left join gained before on before.code = r.code and before.month = m.month - 1
left join lost l on l.code = r.code and l.month = m.month;

drop table paying_month;

-- What the customers of 3 and 12 months ago pay now.
create temp table cohort as
with opening as (
    select code, customer, month + 3 as month, 3 as lag, mrr_3 as opening from customer_mrr
    union all
    select code, customer, month + 12, 12, mrr_12 from customer_mrr
)
select
    o.code, o.month, o.lag,
    cast(sum(cast(o.opening as decimal(38, 10))) as double) as opening,
    cast(sum(cast(coalesce(c.mrr, 0) as decimal(38, 10))) as double) as closing,
    cast(sum(cast(least(o.opening, coalesce(c.mrr, 0)) as decimal(38, 10))) as double) as retained
from opening o
cross join setting s
left join customer_mrr c on c.code = o.code and c.customer = o.customer and c.month = o.month
where o.month <= s.current_month
group by o.code, o.month, o.lag;

-- One row a product and month, every month from the first to the last with billing data.
create temp table revenue as
with dense as (
    select
        r.product_id, r.month, m.closes_quarter, b.first_month,
        g0.currency as own_gap, coalesce(g0.currency, before.currency, g1.currency) as move_gap,
        coalesce(g0.currency, g3.currency, then_3.currency) as quarter_gap,
        coalesce(g0.currency, g12.currency, then_12.currency) as year_gap,
        cast(r.mrr as double) as mrr, cast(r.opening_mrr as double) as opening_mrr,
        cast(r.new_mrr as double) as new_mrr, cast(r.reactivation_mrr as double) as reactivation_mrr,
        cast(r.expansion_mrr as double) as expansion_mrr, cast(r.contraction_mrr as double) as contraction_mrr,
        cast(r.churned_mrr as double) as churned_mrr, cast(r.fx_effect as double) as fx_effect,
        r.paying_customers, r.opening_customers, r.churned_customers,
        c3.opening as cohort_3_opening, c3.closing as cohort_3_closing, c3.retained as cohort_3_retained,
        c12.opening as cohort_12_opening, c12.closing as cohort_12_closing,
        exists (select 1 from definition_change d where d.product_id = r.product_id and d.month = r.month
            and d.metric = 'mrr') as mrr_redefined,
        exists (select 1 from definition_change d where d.product_id = r.product_id and d.month = r.month
            and d.metric = 'paying_customers') as customers_redefined
    from revenue_sum r
    join billing_range b on b.code = r.code
    join month m on m.month = r.month
    left join cohort c3 on c3.code = r.code and c3.month = r.month and c3.lag = 3
    left join cohort c12 on c12.code = r.code and c12.month = r.month and c12.lag = 12
    left join rate_gap g0 on g0.code = r.code and g0.month = r.month and g0.lag = 0
    left join rate_gap before on before.code = r.code and before.month = r.month - 1 and before.lag = 0
    left join rate_gap g1 on g1.code = r.code and g1.month = r.month and g1.lag = 1
    left join rate_gap g3 on g3.code = r.code and g3.month = r.month and g3.lag = 3
    left join rate_gap g12 on g12.code = r.code and g12.month = r.month and g12.lag = 12
    left join rate_gap then_3 on then_3.code = r.code and then_3.month = r.month - 3 and then_3.lag = 0
    left join rate_gap then_12 on then_12.code = r.code and then_12.month = r.month - 12 and then_12.lag = 0
),
known as (
    select
        product_id, month, closes_quarter, first_month, own_gap, move_gap,
        case when own_gap is null then mrr end as mrr,
        case when own_gap is null then paying_customers end as paying_customers,
        case when move_gap is null then opening_mrr end as opening_mrr,
        case when move_gap is null then new_mrr end as new_mrr,
        case when move_gap is null then reactivation_mrr end as reactivation_mrr,
        case when move_gap is null then expansion_mrr end as expansion_mrr,
        case when move_gap is null then contraction_mrr end as contraction_mrr,
        case when move_gap is null then churned_mrr end as churned_mrr,
        case when move_gap is null then fx_effect end as fx_effect,
        case when move_gap is null then opening_customers end as opening_customers,
        case when move_gap is null then churned_customers end as churned_customers,
        case when quarter_gap is null then cohort_3_opening end as cohort_3_opening,
        case when quarter_gap is null then cohort_3_closing end as cohort_3_closing,
        case when quarter_gap is null then cohort_3_retained end as cohort_3_retained,
        case when year_gap is null then cohort_12_opening end as cohort_12_opening,
        case when year_gap is null then cohort_12_closing end as cohort_12_closing,
        mrr_redefined, customers_redefined
    from dense
),
rates as (
    select
        *,
        case when not mrr_redefined then (mrr - opening_mrr) / nullif(opening_mrr, 0) end as mrr_growth,
        churned_customers / nullif(opening_customers, 0) as logo_churn_rate,
        mrr / nullif(paying_customers, 0) as arpa,
        cohort_3_closing / nullif(cohort_3_opening, 0) as nrr_rolling_3m,
        cohort_3_retained / nullif(cohort_3_opening, 0) as grr_3m
    from known
),
means as (
    select
        *,
        avg(mrr_growth) over last_three as mrr_growth_3m,
        avg(logo_churn_rate) over last_three as logo_churn_3m
    from rates
    window last_three as (partition by product_id order by month rows between 2 preceding and current row)
)
select
    product_id, month, own_gap, move_gap, month = first_month as history_starts, mrr_redefined, customers_redefined,
    mrr, 12 * mrr as arr, mrr_growth, mrr_growth_3m, mrr - opening_mrr as mrr_change, opening_mrr,
    new_mrr, new_mrr / nullif(opening_mrr, 0) as new_mrr_rate,
    reactivation_mrr,
    expansion_mrr, expansion_mrr / nullif(opening_mrr, 0) as expansion_rate,
    contraction_mrr, contraction_mrr / nullif(opening_mrr, 0) as contraction_rate,
    churned_mrr, churned_mrr / nullif(opening_mrr, 0) as churn_rate,
    churned_mrr + contraction_mrr as lost_mrr,
    (churned_mrr + contraction_mrr) / nullif(opening_mrr, 0) as gross_mrr_churn_rate,
    churned_mrr + contraction_mrr - expansion_mrr as net_lost_mrr,
    (churned_mrr + contraction_mrr - expansion_mrr) / nullif(opening_mrr, 0) as net_mrr_churn_rate,
    opening_mrr - churned_mrr - contraction_mrr as retained_mrr,
    (opening_mrr - churned_mrr - contraction_mrr) / nullif(opening_mrr, 0) as revenue_retention_rate,
    opening_mrr + expansion_mrr - contraction_mrr - churned_mrr as kept_mrr,
    (opening_mrr + expansion_mrr - contraction_mrr - churned_mrr) / nullif(opening_mrr, 0) as nrr,
    cohort_3_opening, cohort_3_closing, cohort_3_retained, cohort_12_opening, cohort_12_closing,
    case when closes_quarter then nrr_rolling_3m end as quarterly_nrr,
    case when closes_quarter then grr_3m end as quarterly_grr,
    nrr_rolling_3m,
    case when closes_quarter then power(nrr_rolling_3m, 4) end as annualised_nrr,
    cohort_12_closing / nullif(cohort_12_opening, 0) as nrr_12m,
    paying_customers, opening_customers, churned_customers,
    paying_customers - opening_customers as customer_change,
    case when not customers_redefined
        then (paying_customers - opening_customers) / nullif(opening_customers, 0) end as paying_customers_growth,
    logo_churn_rate, logo_churn_3m, arpa, arpa / nullif(logo_churn_3m, 0) as ltv,
    new_mrr + reactivation_mrr + expansion_mrr as gained_mrr,
    (new_mrr + reactivation_mrr + expansion_mrr) / nullif(contraction_mrr + churned_mrr, 0) as quick_ratio,
    fx_effect,
    opening_mrr + new_mrr + reactivation_mrr + expansion_mrr - contraction_mrr - churned_mrr + fx_effect - mrr
        as bridge_gap
from means;

select * from revenue;
