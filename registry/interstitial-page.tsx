/** @jsxImportSource hono/jsx */
import type { RegistryContext } from './context'
import { renderPage } from './layout'
import type { Session } from './sessions'

/**
 * ORCID may show pages of its own between consent and callback. The code in `location` was issued before and ages while
 * the person reads.
 * Source: ORCID/orcid-angular, the interstitials of the authorization page.
 */
export function renderInterstitial(c: RegistryContext, session: Session, location: string) {
  return renderPage(
    c,
    { title: 'Share your e-mail domain?', session },
    <>
      <h1>Share your e-mail domain?</h1>
      <p>
        Your verified e-mail domain shows other people where you work. ORCID asks this after you have authorized an
        organization; the stand-in only shows the question and changes nothing.
      </p>
      <p class="decision">
        <a class="primary" href={location}>
          Continue
        </a>
      </p>
    </>,
  )
}
