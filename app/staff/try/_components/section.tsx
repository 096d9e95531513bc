import type { ReactNode } from 'react'

type Props = { id: string; title: string; lead?: string; children: ReactNode }

/** One step of the flow. */
export function Section({ id, title, lead, children }: Props) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="card min-w-0 space-y-5">
      <div className="space-y-1">
        <h2 id={`${id}-title`}>{title}</h2>
        {lead ? <p className="max-w-[65ch] text-ink-soft">{lead}</p> : null}
      </div>
      {children}
    </section>
  )
}

/** Names and values with what each means. Values are never broken up by the translation of a browser. */
export function Explained({
  label,
  rows,
}: {
  label: string
  rows: { name: string; value?: string; meaning: string }[]
}) {
  return (
    <dl aria-label={label} className="divide-y divide-line border-line border-y">
      {rows.map(({ name, value, meaning }, at) => (
        <div key={`${name} ${String(at)}`} className="grid gap-x-6 gap-y-1 py-2 md:grid-cols-[12rem_1fr]">
          <dt>
            <code className="[overflow-wrap:anywhere]" translate="no">
              {name}
            </code>
          </dt>
          <dd className="min-w-0 space-y-1">
            {value === undefined ? null : (
              <code className="block [overflow-wrap:anywhere]" translate="no">
                {value}
              </code>
            )}
            <span className="note block">{meaning}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Text of a machine, which scrolls by itself and can be reached by keyboard for that. */
export function Raw({ label, text }: { label: string; text: string }) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard can only scroll what takes focus.
      tabIndex={0}
      aria-label={label}
      className="max-h-96 overflow-auto rounded-lg border border-line bg-sunken p-3"
    >
      <pre translate="no" className="mono text-sm">
        {text}
      </pre>
    </section>
  )
}
