import { Hono } from 'hono'
import { addAdminRoutes } from './admin'
import { addPeopleAdminRoutes } from './admin-people'
import { addRecordAdminRoutes } from './admin-records'
import { answerApi } from './api/answer'
import { API_PATH } from './api/caller'
import { answerAsset } from './assets'
import { answerAuthorize, answerDecision } from './authorize'
import type { Registry, RegistryBindings } from './context'
import { orcidCors } from './cors'
import { answerDiscovery, answerJwks } from './discovery'
import { answerHome } from './home'
import { answerDeletion, answerMyRecord } from './my-record'
import { answerNotFound, answerRecord } from './record'
import { answerRevoke } from './revoke'
import { answerSignIn, answerSignOut } from './sign-in'
import { renderSignIn } from './sign-in-page'
import { answerToken } from './token'
import { answerRemoval, answerTrustedParties } from './trusted-parties'
import { answerUserinfo } from './userinfo'
import { answerWithFault } from './wire-faults'

export function makeApp(registry: Registry): Hono<RegistryBindings> {
  const app = new Hono<RegistryBindings>()
  addProtocolRoutes(app, registry)
  addPages(app, registry)
  addAdminRoutes(app, registry)
  addRecordAdminRoutes(app, registry)
  addPeopleAdminRoutes(app, registry)
  app.notFound((c) => answerNotFound(registry, c))
  return app
}

function addProtocolRoutes(app: Hono<RegistryBindings>, registry: Registry): void {
  for (const path of ['/.well-known/openid-configuration', '/oauth/jwks', '/oauth/userinfo']) app.use(path, orcidCors)
  app.get('/.well-known/openid-configuration', (c) => answerDiscovery(registry, c))
  app.get('/oauth/jwks', (c) => answerWithFault(c, registry.faults.take('jwks'), () => answerJwks(registry, c)))
  app.on(['GET', 'POST'], '/oauth/userinfo', (c) => answerUserinfo(registry, c))
  app.get('/oauth/authorize', (c) => answerAuthorize(registry, c))
  app.post('/oauth/authorize', (c) => answerDecision(registry, c))
  app.post('/oauth/token', (c) => answerToken(registry, c))
  app.post('/oauth/revoke', (c) => answerRevoke(registry, c))
  for (const api of ['member', 'public'] as const) app.all(`${API_PATH[api]}/*`, (c) => answerApi(registry, c, api))
}

function addPages(app: Hono<RegistryBindings>, registry: Registry): void {
  app.get('/', (c) => answerHome(registry, c))
  app.get('/signin', (c) => renderSignIn(registry, c, new URL(c.req.url).searchParams))
  app.post('/signin', (c) => answerSignIn(registry, c))
  app.get('/signout', (c) => answerSignOut(registry, c))
  app.get('/trusted-parties', (c) => answerTrustedParties(registry, c))
  app.post('/trusted-parties', (c) => answerRemoval(registry, c))
  app.get('/my-orcid', (c) => answerMyRecord(registry, c))
  app.post('/my-orcid', (c) => answerDeletion(registry, c))
  app.get('/_assets/:name', (c) => answerAsset(c))
  app.get('/:orcid{[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]}', (c) => answerRecord(registry, c))
}
