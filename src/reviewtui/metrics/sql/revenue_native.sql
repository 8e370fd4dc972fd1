-- Revenue of one portion of the customers in the wanted months, in the currency it is paid in.
-- Reads wanted_line, billing_range, billing_customer, wanted_month, portion, share_group, number.

-- What each customer pays in each month, by group of SKUs where the product names groups.
create table native_mrr as
select
    r.code, c.customer, l.currency, g.group_name, l.first_month + n.k as month, sum(l.slice) as native
from wanted_line l
join billing_range r on r.product_id = l.product_id
join billing_customer c on c.customer_id = l.customer_id
cross join portion p
join number n on n.k <= l.last_month - l.first_month
join wanted_month w on w.month = l.first_month + n.k
left join share_group g on g.product_id = l.product_id and g.sku = l.sku
where c.customer % p.parts = p.part
group by r.code, c.customer, l.currency, g.group_name, l.first_month + n.k;

select count(*) as customer_months from native_mrr;
