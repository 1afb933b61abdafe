// Writes docs/errors.md: every error that the sources can report, with what to do about it. `--print` writes it to stdout.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What a part of the sources is about, in the order of a run. */
const parts = {
  inputs: 'Inputs',
  inventory: 'The inventory',
  authority: 'The authority',
  github: 'Keeping the authority in a secret',
  ssh: 'Keys and host keys for SSH',
  adapters: 'SSH, Docker and files',
  node: 'What lies on a node',
  observe: 'Reading the cluster',
  firewall: 'The firewall',
  plan: 'What was planned',
  apply: 'Changing nodes and engines',
  shipyard: 'Shipyard',
  check: 'Command check',
  commands: 'Other commands',
};
/** What stands where only a run knows the words. */
const UNKNOWN = '…';
/** The functions that take an error's input, subject or place, its message and its hint. */
const makers = new Set(['problem', 'refused', 'unusable', 'fatal']);

const sources = readdirSync(join(root, 'src'), { recursive: true })
  .filter((file) => file.endsWith('.ts'))
  .sort()
  .map((file) => {
    const text = readFileSync(join(root, 'src', file), 'utf8');
    return { file, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
  });
const rows = sources.flatMap(({ file, tree }) => errorsIn(tree).map((error) => ({ file, ...error })));

const table = Object.entries(parts).flatMap(([part, title]) => {
  const own = rows.filter(({ file }) => file.startsWith(`${part}/`));
  const lines = own.map(({ message, hint }) => `| ${cell(message)} | ${cell(hint)} |`);
  return lines.length === 0
    ? []
    : ['', `## ${title}`, '', '| what is said | what to do |', '|---|---|', ...new Set(lines)];
});
const left = rows.filter(({ file }) => !Object.keys(parts).some((part) => file.startsWith(`${part}/`)));
if (left.length > 0)
  throw new Error(`no part of docs/errors.md is for ${left.map(({ file }) => file).join(', ')}`);
const page = `# Errors

All that the action can report, as it stands in the sources; a test holds this page to them. \`…\` stands for what only a
run knows, such as the name of a node or what a program answered. In the log an error about an input begins with the name
of the input, and one about a node with \`[node]\`; the hint follows. Each tells what was tried, and what is said about the
node is also in the summary and in the output \`nodes\`.

<!-- prettier-ignore-start -->
${table.join('\n').trim()}
<!-- prettier-ignore-end -->
`;
if (process.argv.includes('--print')) process.stdout.write(page);
else writeFileSync(join(root, 'docs/errors.md'), page);

/** Every pair of a message and a hint that is written out, one for each way in which they may come out. */
function errorsIn(tree) {
  const found = [];
  const add = (message, hint) => {
    const todo = hints(hint, tree).join(' — or: ');
    for (const words of texts(message, tree)) {
      // What only adds a place to another error is listed where that one is made.
      const isPassedOn = words === UNKNOWN || (todo === UNKNOWN && words.endsWith(UNKNOWN));
      if (!isPassedOn) found.push({ message: words, hint: todo });
    }
  };
  const visit = (node) => {
    if (ts.isObjectLiteralExpression(node)) {
      const [message, hint] = ['message', 'hint'].map((name) => property(node, name));
      if (message && hint) add(message, hint);
    } else if (
      ts.isCallExpression(node) &&
      makers.has(node.expression.getText()) &&
      node.arguments.length === 3
    ) {
      add(node.arguments[1], node.arguments[2]);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function property(object, name) {
  const found = object.properties.find((one) => one.name?.getText() === name);
  return found && (found.initializer ?? found.name);
}

/** The texts that an expression may have; UNKNOWN where it is no text that is written out. */
function texts(node, tree) {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return texts(node.expression, tree);
  if (ts.isConditionalExpression(node))
    return [...texts(node.whenTrue, tree), ...texts(node.whenFalse, tree)];
  if (ts.isTemplateExpression(node))
    return node.templateSpans.reduce(
      (begun, { expression, literal }) => {
        const parts = inText(expression, tree);
        return begun.flatMap((text) => parts.map((part) => text + part + literal.text));
      },
      [node.head.text],
    );
  if (ts.isCallExpression(node)) return [returned(node.expression.getText())];
  const local = ts.isIdentifier(node) ? localValue(node) : undefined;
  return local ? texts(local, tree) : [constant(node, tree)];
}

/** The texts of an expression in the middle of another one; of a name that may stand for one of several only a run knows. */
function inText(expression, tree) {
  const found = texts(expression, tree);
  return ts.isIdentifier(expression) && found.length > 1 ? [UNKNOWN] : found;
}

/** What a hint says; where a function is given it, all that it is given anywhere. */
function hints(node, tree) {
  const maker = ts.isIdentifier(node) ? ts.findAncestor(node, ts.isFunctionDeclaration) : undefined;
  const index = maker?.parameters.findIndex(({ name }) => name.getText() === node.text) ?? -1;
  const called = maker?.name?.text;
  if (index < 0 || makers.has(called)) return texts(node, tree);
  const found = new Set();
  for (const { tree: other } of sources) {
    const visit = (one) => {
      if (ts.isCallExpression(one) && one.expression.getText() === called) {
        const given = one.arguments[index] ?? maker.parameters[index].initializer;
        for (const text of given ? texts(given, other) : []) found.add(text);
      }
      ts.forEachChild(one, visit);
    };
    visit(other);
  }
  if (found.size > 1) found.delete(UNKNOWN);
  return found.size > 0 ? [...found] : [UNKNOWN];
}

/** What a name stands for that is declared in one of the blocks around it. */
function localValue(name) {
  for (let { parent } = name; parent; { parent } = parent) {
    if (!ts.isBlock(parent)) continue;
    const declared = parent.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => declarationList.declarations)
      .find((one) => one.name.getText() === name.text);
    if (declared) return declared.initializer;
  }
  return undefined;
}

/** What a function of ours returns, where that is all it does. */
function returned(name) {
  if (name === 'suggest') return 'write one of those that are known; the error lists them, the nearest first';
  for (const { tree } of sources)
    for (const statement of tree.statements) {
      if (!ts.isFunctionDeclaration(statement) || statement.name?.text !== name) continue;
      const [only, ...more] = statement.body?.statements ?? [];
      if (only && more.length === 0 && ts.isReturnStatement(only) && only.expression)
        return texts(only.expression, tree)[0];
    }
  return UNKNOWN;
}

/** What a name in capitals or a property of the layout stands for; UNKNOWN for everything else. */
function constant(node, tree) {
  const name = node.getText();
  if (/^layout\.\w+$/.test(name)) return member('node/layout.ts', name.slice('layout.'.length));
  if (/^writeBack\.\w+$/.test(name)) return member('shipyard/write-back.ts', name.slice('writeBack.'.length));
  if (!ts.isIdentifier(node)) return UNKNOWN;
  for (const { tree: other } of [{ tree }, ...sources]) {
    const declared = other.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => declarationList.declarations)
      .find((one) => one.name.getText() === name);
    if (declared?.initializer && /^[A-Z_]+$|^howToStore$|^encryptCommand$/.test(name))
      return texts(declared.initializer, other)[0];
  }
  return UNKNOWN;
}

/** What an object of a file says about a name. */
function member(path, name) {
  const { tree } = sources.find(({ file }) => file === path);
  let found;
  const visit = (node) => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === name) found = node.initializer;
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found ? texts(found, tree)[0] : UNKNOWN;
}

function cell(text) {
  return text
    .replaceAll('\n', ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/(…\s*)+…/g, UNKNOWN);
}
