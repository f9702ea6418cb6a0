// The files of commits that planning read lately. A tree is named by its content, so one that is kept is never wrong, and a
// preview is followed by its request within moments. What was used longest ago goes first.
import type { CodeTree } from '@glovebox/pipeline';

export interface KeptTrees {
  readonly get: (digest: string) => CodeTree | undefined;
  readonly put: (tree: CodeTree) => void;
}

/** @param mostFiles of all trees together; one takes about 200 bytes */
export function createKeptTrees(mostFiles: number): KeptTrees {
  const trees = new Map<string, CodeTree>();
  let files = 0;
  const remove = (digest: string): void => {
    files -= trees.get(digest)?.files.size ?? 0;
    trees.delete(digest);
  };
  const put = (tree: CodeTree): void => {
    remove(tree.digest);
    trees.set(tree.digest, tree);
    files += tree.files.size;
    for (const oldest of trees.keys()) {
      if (files <= mostFiles) return;
      remove(oldest);
    }
  };
  return {
    put,
    get(digest) {
      const tree = trees.get(digest);
      if (tree) put(tree);
      return tree;
    },
  };
}
