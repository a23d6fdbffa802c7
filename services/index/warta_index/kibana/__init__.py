"""What Kibana shows of the articles: charts -> panels -> saved objects -> deploy/kibana/articles.ndjson."""
