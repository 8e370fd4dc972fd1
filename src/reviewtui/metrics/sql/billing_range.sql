-- What is common to all revenue: each product's span, and empty tables for the results of `revenue_portion.sql`.
-- Reads billing_month, setting.

-- The first and last month with billing data; outside it a product's revenue is unknown, not zero. Products get small
-- numbers, so that the large tables below stay small; 0 is all products together.
create table billing_range as
with span as (
    select product_id, min(first_month) as first_month, least(max(data_until), max(s.current_month)) as last_month
    from billing_month cross join setting s
    group by product_id
)
select product_id, first_month, last_month, cast(row_number() over (order by product_id) as integer) as code
from span
union all
select '*', min(first_month), max(last_month), 0 from span having count(*) > 0;

create table mrr_part (
    code integer, month integer, mrr decimal(38, 10), new_mrr decimal(38, 10), reactivation_mrr decimal(38, 10),
    expansion_mrr decimal(38, 10), contraction_mrr decimal(38, 10), churned_mrr decimal(38, 10),
    fx_effect decimal(38, 10), paying_customers bigint, churned_customers bigint
);

create table cohort_part (
    code integer, month integer, lag integer, opening decimal(38, 10), closing decimal(38, 10),
    retained decimal(38, 10)
);

create table rate_gap (code integer, month integer, lag integer, currency varchar);

create table share_part (code integer, group_name varchar, month integer, group_mrr decimal(38, 10));

create table open_mrr (product_id varchar, customer_id varchar, month integer, mrr double);

create table negative_total (month integer, customer_months bigint);

select count(*) as products from billing_range;
