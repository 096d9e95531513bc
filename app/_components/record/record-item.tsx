import { Eye, EyeOff, Globe } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Children, type ReactNode, useId } from 'react'
import type { Item } from '@/lib/orcid/record-items'

/** One part of a record with its items; nothing where it has none. */
export function ItemList({ title, children, more = 0 }: { title: string; children: ReactNode; more?: number }) {
  const t = useTranslations('record')
  const id = useId()
  if (Children.toArray(children).length === 0) return null
  return (
    <section aria-labelledby={id} className="space-y-3">
      <h2 id={id}>{title}</h2>
      <ul className="card card-list">{children}</ul>
      {more > 0 ? <p className="note">{t('more', { count: more })}</p> : null}
    </section>
  )
}

type Props = {
  item: Pick<Item, 'visibility'> & Partial<Pick<Item, 'source'>>
  words: string
  /** What the words are, in a few words. */
  about?: ReactNode
  children?: ReactNode
}

/** One item: what it says, who may see it as the person set it, and who put it there. */
export function RecordItem({ item, words, about, children }: Props) {
  const t = useTranslations('record')
  const { source } = item
  return (
    <li className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[minmax(0,1fr)_13rem]">
      <div className="min-w-0">
        <p className="whitespace-pre-line">
          <bdi translate="no">{words}</bdi>
        </p>
        {about ? <p className="note">{about}</p> : null}
        {children ? <div className="note">{children}</div> : null}
      </div>
      <div className="text-sm">
        <Visibility visibility={item.visibility} />
        {source?.name ? (
          <p className="note">
            {t.rich(source.onBehalfOf ? 'sourceFor' : 'source', {
              name: () => (
                <bdi translate="no" key="name">
                  {source.name}
                </bdi>
              ),
              person: () => (
                <bdi translate="no" key="person">
                  {source.onBehalfOf}
                </bdi>
              ),
            })}
          </p>
        ) : null}
      </div>
    </li>
  )
}

const marks = { public: Globe, limited: Eye, 'registered-only': Eye, private: EyeOff, unknown: Eye }

function Visibility({ visibility }: Pick<Item, 'visibility'>) {
  const t = useTranslations('record')
  const Mark = marks[visibility ?? 'unknown']
  return (
    <p className="inline-flex items-center gap-1.5 font-medium">
      <Mark size={16} className="shrink-0 text-ink-soft" />
      {t(`visibility.${visibility ?? 'unknown'}`)}
    </p>
  )
}
