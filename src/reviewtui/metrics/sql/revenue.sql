-- Recurring revenue by product and month, its movements and its retention, from the sums of all portions.
-- Reads mrr_part, cohort_part, rate_gap, billing_range, month, definition_change.

-- One row a product and month, every month from the first to the last with billing data.
create table revenue as
with gained as (
    select
        code, month, sum(mrr) as mrr, sum(new_mrr) as new_mrr, sum(reactivation_mrr) as reactivation_mrr,
        sum(expansion_mrr) as expansion_mrr, sum(contraction_mrr) as contraction_mrr, sum(churned_mrr) as churned_mrr,
        sum(fx_effect) as fx_effect, sum(paying_customers) as paying_customers,
        sum(churned_customers) as churned_customers
    from mrr_part
    group by code, month
),
revenue_sum as (
    select
        r.product_id, r.code, m.month,
        coalesce(g.mrr, 0) as mrr, coalesce(before.mrr, 0) as opening_mrr, coalesce(g.new_mrr, 0) as new_mrr,
        coalesce(g.reactivation_mrr, 0) as reactivation_mrr, coalesce(g.expansion_mrr, 0) as expansion_mrr,
        coalesce(g.contraction_mrr, 0) as contraction_mrr, coalesce(g.churned_mrr, 0) as churned_mrr,
        coalesce(g.fx_effect, 0) as fx_effect, coalesce(g.paying_customers, 0) as paying_customers,
        coalesce(before.paying_customers, 0) as opening_customers,
        coalesce(g.churned_customers, 0) as churned_customers
    from billing_range r
    join month m on m.month between r.first_month and r.last_month
    left join gained g on g.code = r.code and g.month = m.month
    left join gained before on before.code = r.code and before.month = m.month - 1
),
cohort as (
    select
        code, month, lag, cast(sum(opening) as double) as opening, cast(sum(closing) as double) as closing,
        cast(sum(retained) as double) as retained
    from cohort_part
    group by code, month, lag
),
known_gap as (
    select code, month, lag, min(currency) as currency from rate_gap group by code, month, lag
),
dense as (
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
    left join known_gap g0 on g0.code = r.code and g0.month = r.month and g0.lag = 0
    left join known_gap before on before.code = r.code and before.month = r.month - 1 and before.lag = 0
    left join known_gap g1 on g1.code = r.code and g1.month = r.month and g1.lag = 1
    left join known_gap g3 on g3.code = r.code and g3.month = r.month and g3.lag = 3
    left join known_gap g12 on g12.code = r.code and g12.month = r.month and g12.lag = 12
    left join known_gap then_3 on then_3.code = r.code and then_3.month = r.month - 3 and then_3.lag = 0
    left join known_gap then_12 on then_12.code = r.code and then_12.month = r.month - 12 and then_12.lag = 0
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
