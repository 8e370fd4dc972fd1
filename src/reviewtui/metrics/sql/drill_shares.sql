-- What each customer pays for each SKU of one group in a month. Reads billing_line, rate, number, share_group,
-- input_customer, drill, drill_customer.

create table drill_share as
select
    c.customer_id, c.customer, c.segment, coalesce(l.sku, '') as sku, coalesce(g.group_name, 'other') as group_name,
    cast(sum(cast(cast(l.slice as double) * r.rate as decimal(38, 10))) as double) as mrr
from billing_line l
join number n on n.k <= l.last_month - l.first_month
join drill d on d.product_id = l.product_id and d.month = l.first_month + n.k
join drill_customer c on c.customer_id = l.customer_id and c.mrr_now > 0
left join rate r on r.currency = l.currency and r.month = d.month
left join share_group g on g.product_id = l.product_id and g.sku = l.sku
where l.counts
group by 1, 2, 3, 4, 5;

select count(*) as parts from drill_share;
