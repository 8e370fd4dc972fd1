-- MRR by group of SKUs, and the rest as `other`, for products that name groups.
-- Reads billing_line, billing_range, billing_customer, customer_mrr, rate and revenue of revenue.sql, and share_group,
-- number. A customer whose total is zero or less is no part of MRR, so their lines are no part of a share.

with sliced as (
    select
        l.product_id, coalesce(g.group_name, 'other') as group_name, l.currency, l.first_month + n.k as month,
        sum(l.slice) as native
    from billing_line l
    join number n on n.k <= l.last_month - l.first_month
    join billing_range p on p.product_id = l.product_id
    join billing_customer c on c.customer_id = l.customer_id
    join customer_mrr m on m.code = p.code and m.customer = c.customer and m.month = l.first_month + n.k
    left join share_group g on g.product_id = l.product_id and g.sku = l.sku
    where l.counts and l.product_id in (select product_id from share_group)
    group by l.product_id, coalesce(g.group_name, 'other'), l.currency, l.first_month + n.k
),
converted as (
    select
        s.product_id, s.group_name, s.month,
        cast(sum(cast(cast(s.native as double) * r.rate as decimal(38, 10))) as double) as group_mrr
    from sliced s
    left join rate r on r.currency = s.currency and r.month = s.month
    group by s.product_id, s.group_name, s.month
),
groups as (
    select distinct product_id, group_name from share_group
    union
    select distinct product_id, 'other' from share_group
)
select
    r.product_id, r.month, g.group_name,
    case when r.mrr is not null then coalesce(c.group_mrr, 0) end as group_mrr, r.mrr,
    case when r.mrr is not null then coalesce(c.group_mrr, 0) end / nullif(r.mrr, 0) as share
from revenue r
join groups g on g.product_id = r.product_id
left join converted c on c.product_id = r.product_id and c.group_name = g.group_name and c.month = r.month;
