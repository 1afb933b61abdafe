/** For every script of ours: words that do not depend on the node's language, and the programs of root, our users' own first. */
export const rootEnvironment =
  'export LC_ALL=C PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"';
