import MarkdownIt from 'markdown-it'
import type { Markup } from './markup.ts'

/** What people of an org write for the public: no HTML of their own, no pictures that would tell others who reads, links that lead nowhere by script. */
const renderer = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable('image')
renderer.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
  tokens[index]?.attrSet('rel', 'nofollow noopener')
  return self.renderToken(tokens, index, options)
}

export const markdown = (text: string): Markup => ({ html: renderer.render(text) })
