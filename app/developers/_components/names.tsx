type Named = { name: string; type?: string; isRequired?: boolean; text?: string }

/** Parameters, or the fields of an object. */
export function Names({ of }: { of: readonly Named[] }) {
  if (of.length === 0) return null
  return (
    <dl className="space-y-1" lang="en" translate="no">
      {of.map(({ name, type, isRequired, text }) => (
        <div key={name}>
          <dt>
            <code className="mono" translate="no">
              {name}
            </code>
            <span className="text-ink-soft text-sm">
              {type ? ` ${type}` : null}
              {isRequired ? `${type ? ',' : ''} required` : null}
            </span>
          </dt>
          {text ? (
            <dd className="text-sm">
              <Text text={text} />
            </dd>
          ) : null}
        </div>
      ))}
    </dl>
  )
}

/** Words between backticks are code. */
export const Text = ({ text }: { text: string }) =>
  text.split('`').map((part, index) =>
    index % 2 ? (
      <code key={part} className="mono" translate="no">
        {part}
      </code>
    ) : (
      part
    ),
  )
