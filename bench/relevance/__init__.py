"""How well the search finds what people mean: judged queries, asked through the product's own address."""
