import { Body } from '@react-email/body'
import { Button } from '@react-email/button'
import { Container } from '@react-email/container'
import { Head } from '@react-email/head'
import { Hr } from '@react-email/hr'
import { Html } from '@react-email/html'
import { Link } from '@react-email/link'
import { Section } from '@react-email/section'
import { Text } from '@react-email/text'
import type { CSSProperties } from 'react'
import type { Line, MailContent, Part } from '@/lib/mail/content'

/** As in app/_theme/tokens.css, which mails cannot load. */
const light = { ground: '#f7f8f9', surface: '#ffffff', line: '#d5d9de', ink: '#16191d', soft: '#4a515a' }
const dark = { ground: '#121417', surface: '#1a1d21', line: '#353b42', ink: '#eceef0', soft: '#b2b9c1' }
const accentInk = { light: '#ffffff', dark: '#0e1620' }
const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

/** Null: as the reader's device has it. */
export type MailTheme = 'light' | 'dark' | null

export type Look = {
  /** Of the button and the links, readable on both grounds. */
  accent: { light: string; dark: string }
  monogram: string
  theme: MailTheme
}

const words: CSSProperties = { fontSize: '16px', lineHeight: '24px', margin: '0 0 16px', color: light.ink }
const small: CSSProperties = { fontSize: '14px', lineHeight: '21px', margin: '0 0 8px', color: light.soft }
const anywhere: CSSProperties = { overflowWrap: 'anywhere', wordBreak: 'break-word' }

/** A mail as HTML: nothing in it is loaded from anywhere. */
export function MailPage({ content, look }: { content: MailContent; look: Look }) {
  const { locale, direction, subject, institution, parts, foot } = content
  const link = { color: look.accent.light, textDecoration: 'underline' }
  return (
    <Html lang={locale} dir={direction}>
      <Head>
        <title>{subject}</title>
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content={look.theme ?? 'light dark'} />
        <meta name="supported-color-schemes" content={look.theme ?? 'light dark'} />
        <style>{styleOf(look)}</style>
      </Head>
      <Body
        className="ground"
        style={{ backgroundColor: light.ground, fontFamily: font, margin: 0, padding: '16px 8px' }}
      >
        <Container
          className="surface"
          style={{
            maxWidth: '600px',
            backgroundColor: light.surface,
            border: `1px solid ${light.line}`,
            borderRadius: '10px',
          }}
        >
          <Section style={{ padding: '24px 24px 8px' }}>
            <Institution name={institution} look={look} />
            {parts.map((part, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rendered once.
              <MailPart key={index} part={part} look={look} />
            ))}
          </Section>
          <Hr className="line" style={{ borderTop: `1px solid ${light.line}`, margin: 0 }} />
          <Section style={{ padding: '16px 24px' }}>
            <Text className="soft" style={small}>
              {foot.about}
            </Text>
            {foot.lines.map((line) => (
              <FootLine key={line.before + line.words} line={line} style={link} />
            ))}
          </Section>
        </Container>
      </Body>
    </Html>
  )
}

/** The name beside the initials: a drawing would be loaded from a server, and would say that the mail was read. */
function Institution({ name, look }: { name: string; look: Look }) {
  const mark: CSSProperties = {
    backgroundColor: look.accent.light,
    color: accentInk.light,
    width: '40px',
    height: '40px',
    borderRadius: '8px',
    fontSize: '16px',
    fontWeight: 600,
    textAlign: 'center',
  }
  return (
    <table role="presentation" cellPadding="0" cellSpacing="0" border={0} style={{ margin: '0 0 24px' }}>
      <tbody>
        <tr>
          {look.monogram ? (
            <td className="accent" width="40" height="40" aria-hidden="true" style={mark}>
              {look.monogram}
            </td>
          ) : null}
          <td
            className="ink"
            style={{ ...anywhere, padding: '0 12px', fontSize: '16px', fontWeight: 600, color: light.ink }}
          >
            {name}
          </td>
        </tr>
      </tbody>
    </table>
  )
}

function MailPart({ part, look }: { part: Part; look: Look }) {
  if (part.kind === 'paragraph') {
    return (
      <Text className="ink" style={{ ...words, ...anywhere }}>
        {withBreaks(part.text)}
      </Text>
    )
  }
  if (part.kind === 'button') return <LinkButton part={part} look={look} />
  const List = part.kind === 'steps' ? 'ol' : 'ul'
  return (
    <List className="ink" style={{ ...words, ...anywhere, paddingInlineStart: '24px' }}>
      {part.kind === 'steps'
        ? part.items.map((item) => <li key={item}>{item}</li>)
        : part.items.map(({ title, reason }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rendered once.
            <li key={index} style={{ marginBottom: '8px' }}>
              <strong>{title}</strong>
              <br />
              <span className="soft" style={{ color: light.soft }}>
                {withBreaks(reason)}
              </span>
            </li>
          ))}
    </List>
  )
}

function LinkButton({ part, look }: { part: Extract<Part, { kind: 'button' }>; look: Look }) {
  const button: CSSProperties = {
    backgroundColor: look.accent.light,
    color: accentInk.light,
    borderRadius: '8px',
    fontSize: '16px',
    fontWeight: 600,
    padding: '12px 20px',
  }
  return (
    <Section style={{ margin: '0 0 16px' }}>
      <Button href={part.href} className="accent" style={button}>
        {part.label}
      </Button>
      <Text className="soft" style={{ ...small, ...anywhere, margin: '16px 0 0' }}>
        {part.hint}
        <br />
        <Link href={part.href} className="link" style={{ color: look.accent.light, textDecoration: 'underline' }}>
          {part.href}
        </Link>
        <br />
        {part.personal}
      </Text>
    </Section>
  )
}

function FootLine({ line: { before, words: text, after, href }, style }: { line: Line; style: CSSProperties }) {
  return (
    <Text className="soft" style={{ ...small, ...anywhere }}>
      {before}
      {href ? (
        <Link href={href} className="link" style={style}>
          {text}
        </Link>
      ) : (
        text
      )}
      {after}
    </Text>
  )
}

const withBreaks = (text: string) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: rendered once.
  text.split('\n').flatMap((line, index) => (index === 0 ? [line] : [<br key={index} />, line]))

const media: Record<string, string> = { light: 'not all', dark: 'all' }

/** Colours of a dark device. What stands at the elements is for mail programs that leave this out. */
function styleOf({ accent, theme }: Look): string {
  const rules = [
    `.ground,.ground>table>tbody>tr>td{background-color:${dark.ground}!important}`,
    `.surface{background-color:${dark.surface}!important;border-color:${dark.line}!important}`,
    `.line{border-color:${dark.line}!important}`,
    `.ink{color:${dark.ink}!important}`,
    `.soft{color:${dark.soft}!important}`,
    `.link{color:${accent.dark}!important}`,
    `.accent,.accent span{background-color:${accent.dark}!important;color:${accentInk.dark}!important}`,
  ]
  return `@media ${theme ? media[theme] : '(prefers-color-scheme:dark)'}{${rules.join('')}}`
}
