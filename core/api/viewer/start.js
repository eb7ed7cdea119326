// Opens the contract in Swagger UI. A token typed into it is forgotten with the page.
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#contract',
  deepLinking: true,
  filter: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
