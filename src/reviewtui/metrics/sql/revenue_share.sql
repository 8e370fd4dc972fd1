-- Shares of MRR by group of SKUs, from the sums of all portions. Reads share_part, billing_range, share_group, and revenue.

with converted as (
    select b.product_id, p.group_name, p.month, cast(sum(p.group_mrr) as double) as group_mrr
    from share_part p
    join billing_range b on b.code = p.code
    group by b.product_id, p.group_name, p.month
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
