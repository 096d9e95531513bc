import { useTranslations } from 'next-intl'
import { Fragment } from 'react'
import { Names, Text } from '@/app/developers/_components/names'
import type { makeApiDocument } from '@/lib/api/document'

export type ApiDocument = ReturnType<typeof makeApiDocument>
type Operation = NonNullable<NonNullable<ApiDocument['paths']>[string]['get']>

const methods = ['get', 'post', 'put', 'delete'] as const

/** What the document says of each request. */
export function Operations({ document }: { document: ApiDocument }) {
  const t = useTranslations('developers')
  const all = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method]
      return operation ? [{ path, method: method.toUpperCase(), operation }] : []
    }),
  )
  return (
    <section aria-labelledby="operations" className="space-y-4">
      <h2 id="operations">{t('operations')}</h2>
      <ul>
        {all.map(({ path, method, operation }) => (
          <li key={`${method} ${path}`}>
            <a href={`#${operation.operationId}`} className="mono inline-block min-h-6" translate="no">
              {method} <Path path={path} />
            </a>
          </li>
        ))}
      </ul>
      {all.map(({ path, method, operation }) => (
        <article key={`${method} ${path}`} id={operation.operationId} className="card space-y-3">
          <h3 className="mono" translate="no">
            {method} <Path path={path} />
          </h3>
          <p lang="en" translate="no">
            {operation.summary}. <Text text={operation.description ?? ''} />
          </p>
          <Names of={toParameters(operation)} />
          <ObjectLink words={t('sent')} name={findSent(operation)} />
          <ObjectLink words={t('received')} name={findReceived(operation)} />
        </article>
      ))}
    </section>
  )
}

/** Breaks between its parts, never within one. */
const Path = ({ path }: { path: string }) =>
  path
    .split('/')
    .slice(1)
    .map((part) => (
      <Fragment key={part}>
        /<wbr />
        {part}
      </Fragment>
    ))

const toParameters = ({ parameters = [] }: Operation) =>
  parameters.flatMap((each) =>
    'name' in each ? [{ name: each.name, isRequired: each.required, text: each.description }] : [],
  )

type Content = { content?: { 'application/json'?: { schema?: object } } }

/** The name of an object in the document. */
function findObject(of: object | undefined): string | null {
  const schema = (of as Content | undefined)?.content?.['application/json']?.schema
  return schema && '$ref' in schema ? (String(schema.$ref).split('/').at(-1) ?? null) : null
}

const findSent = ({ requestBody }: Operation) => findObject(requestBody)
const findReceived = ({ responses }: Operation) => findObject(responses?.['200'] ?? responses?.['202'])

function ObjectLink({ words, name }: { words: string; name: string | null }) {
  if (!name) return null
  return (
    <p>
      {words}{' '}
      <a href={`#${name}`} className="mono" translate="no">
        {name}
      </a>
    </p>
  )
}
