import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { Router } from 'express'

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tocsin API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="reference"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`
/** A file of its own, for the content security policy lets no script stand in a page. */
const start = `SwaggerUIBundle({ url: '/v1/openapi.json', dom_id: '#reference', deepLinking: true, tryItOutEnabled: false, validatorUrl: null })
`

/** The OpenAPI document and its reader, both from this server: nothing is fetched from elsewhere. */
export function createReference(document: object): Router {
  const router = Router()
  const json = JSON.stringify(document)
  router.get('/v1/openapi.json', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('application/json').send(json)
  })
  router.get('/docs', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('html').send(page)
  })
  router.get('/docs/start.js', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('js').send(start)
  })
  const folder = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))
  const files = express.static(folder, { index: false, maxAge: '1h', redirect: false })
  // Two files of the package, and not its own page, which shows somebody else's pet shop.
  router.get(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'], (request, response, next) => {
    request.url = request.url.slice('/docs'.length)
    files(request, response, next)
  })
  return router
}
