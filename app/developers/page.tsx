import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Page } from '@/app/_components/page'
import { Objects } from '@/app/developers/_components/objects'
import { Operations } from '@/app/developers/_components/operations'
import { documentPath, makeApiDocument } from '@/lib/api/document'
import { delegationExample, webhookExample } from '@/lib/api/event-examples'
import { examples, recordExample } from '@/lib/api/examples'
import { problems, problemType } from '@/lib/api/problem'
import { availablePage } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('developers')
  return { title: t('title') }
}

const parts = ['key', 'copy', 'events', 'writing', 'works', 'record', 'delegation', 'limits'] as const
const standardUrl = 'https://www.standardwebhooks.com'

/** The API for those who write programs, from the document that describes it. */
export default availablePage(async function DevelopersPage() {
  const t = await getTranslations('developers')
  const document = makeApiDocument()
  const { name, supportEmail } = env().institution
  const code = (words: React.ReactNode) => (
    <code className="mono" translate="no">
      {words}
    </code>
  )
  const standard = (words: React.ReactNode) => <a href={standardUrl}>{words}</a>
  const contents = [
    ...parts.map((part) => ({ id: part, words: t(`${part}.title`) })),
    { id: 'examples', words: t('examples') },
    { id: 'operations', words: t('operations') },
    { id: 'objects', words: t('objects') },
    { id: 'refusals', words: t('refusals.title') },
  ]
  return (
    <Page width="medium">
      <div className="space-y-8">
        <div className="space-y-3">
          <h1>{t('title')}</h1>
          <p>{t('lead', { institution: name })}</p>
          <p>
            {t.rich('document', {
              link: (words) => <a href={documentPath}>{words}</a>,
              mail: () => (
                <a href={`mailto:${supportEmail}`} translate="no">
                  {supportEmail}
                </a>
              ),
            })}
          </p>
        </div>
        <nav aria-labelledby="contents">
          <h2 id="contents">{t('contents')}</h2>
          <ul className="mt-2 gap-x-8 sm:columns-2">
            {contents.map(({ id, words }) => (
              <li key={id}>
                <a href={`#${id}`} className="inline-flex min-h-6 items-center">
                  {words}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {parts.map((part) => (
          <section key={part} aria-labelledby={part} className="space-y-2">
            <h2 id={part}>{t(`${part}.title`)}</h2>
            <p>{t.rich(`${part}.text`, { code, standard })}</p>
          </section>
        ))}
        <section aria-labelledby="examples" className="space-y-4">
          <h2 id="examples">{t('examples')}</h2>
          {[...examples, recordExample, webhookExample, delegationExample].map(({ language, code: program }) => (
            <details key={language} className="card" open={language === 'curl'}>
              <summary className="font-semibold" translate="no">
                {language}
              </summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by the keyboard. */}
              <pre translate="no" dir="ltr" className="mono mt-3 overflow-x-auto text-sm" tabIndex={0}>
                {program}
              </pre>
            </details>
          ))}
        </section>
        <Operations document={document} />
        <Objects document={document} />
        <section aria-labelledby="refusals" className="space-y-4">
          <h2 id="refusals">{t('refusals.title')}</h2>
          <p>{t.rich('refusals.text', { code })}</p>
          <dl className="space-y-3" lang="en" translate="no">
            {Object.entries(problems).map(([name, { status, title }]) => (
              <div key={name} id={problemType(name as keyof typeof problems).split('#')[1]}>
                <dt>
                  {code(name)} <span className="text-ink-soft">{status}</span>
                </dt>
                <dd>{title}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Page>
  )
})
