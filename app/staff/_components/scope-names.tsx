import { describeScopes } from '@/app/staff/_components/staff-scopes'

/** Permissions in words, each with its scope in small print. */
export async function ScopeNames({ scopes }: { scopes: readonly string[] }) {
  const described = await describeScopes(scopes)
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
      {described.map(({ scope, title }) => (
        <li key={scope}>
          {title} {title === scope ? null : <code className="whitespace-nowrap text-ink-soft text-xs">{scope}</code>}
        </li>
      ))}
    </ul>
  )
}
