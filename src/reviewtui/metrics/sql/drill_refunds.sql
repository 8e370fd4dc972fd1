-- The refunds of a month. Reads input_refund, input_customer, rate, setting, drill.

create table drill_refund as
select
    r.refunded_on, coalesce(c.name, r.customer_id, '') as customer, coalesce(c.segment, '') as segment,
    coalesce(r.invoice_id, '') as invoice_id, coalesce(r.currency, s.base_currency) as currency,
    cast(r.amount as double) as native, cast(r.amount as double) * f.rate as refunds
from input_refund r
cross join setting s
cross join drill d
left join input_customer c on c.customer_id = r.customer_id
left join rate f on f.currency = coalesce(r.currency, s.base_currency) and f.month = d.month
where (d.product_id = '*' or r.product_id = d.product_id)
    and r.refunded_on between d.first_day and d.last_day
    and not coalesce(c.is_internal, false);

-- The sums by segment, of decimals, so that the order of rows never matters.
create table drill_segment as
select segment, cast(sum(cast(refunds as decimal(38, 10))) as double) as refunds
from drill_refund
group by segment;

select count(*) as refunds from drill_refund;
