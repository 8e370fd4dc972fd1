-- The other months of customers who may have been away, where only some months are wanted: they tell a customer who is
-- new from one who returns. Reads native_mrr, rate, revenue_begin, and what `revenue_native.sql` reads; adds to native_mrr.

create table returning_customer as
with surely_paid as (
    select n.code, n.customer, n.month
    from native_mrr n
    join rate r on r.currency = n.currency and r.month = n.month
    group by n.code, n.customer, n.month
    having min(cast(n.native as double) * r.rate) >= 0.01
)
select distinct n.customer
from native_mrr n
join revenue_begin b on n.month >= b.month
left join surely_paid p on p.code = n.code and p.customer = n.customer and p.month = n.month - 1
where p.customer is null;

insert into native_mrr
select
    r.code, c.customer, l.currency, g.group_name, l.first_month + n.k as month, sum(l.slice) as native
from billing_line l
join billing_range r on r.product_id = l.product_id
join billing_customer c on c.customer_id = l.customer_id
join returning_customer a on a.customer = c.customer
join number n on n.k <= l.last_month - l.first_month
cross join setting s
left join wanted_month w on w.month = l.first_month + n.k
left join share_group g on g.product_id = l.product_id and g.sku = l.sku
where l.counts and w.month is null and l.first_month + n.k <= s.current_month
group by r.code, c.customer, l.currency, g.group_name, l.first_month + n.k;

drop table returning_customer;

select count(*) as customer_months from native_mrr;
