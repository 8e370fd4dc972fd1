-- Every imported value of one cell, the newest import first. Reads input_metric_value, drill.

create table drill_import as
select v.value, v.n, coalesce(v.source, '') as source, v.imported_at
from input_metric_value v
cross join drill d
where v.product_id = d.product_id and v.metric = d.metric and v.month between d.first_day and d.last_day
    and v.value is not null;

select count(*) as imports from drill_import;
