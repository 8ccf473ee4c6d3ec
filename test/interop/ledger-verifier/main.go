// Verifies a folder that `wasl ledger export` wrote, with the Go project's own transparency-log packages
// (golang.org/x/mod/sumdb), and proofs that Wasl made for it. Prints the size and the root, or fails.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proofs struct {
	Inclusion []struct {
		Index int64
		Proof []tlog.Hash
	}
	Consistency []struct {
		From  int64
		Root  tlog.Hash
		Proof []tlog.Hash
	}
}

// folder reads tiles from the exported files, at the paths of C2SP tlog-tiles.
type folder string

func (folder) Height() int { return 8 }

func (dir folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		// The packages name tiles tile/HEIGHT/LEVEL/…; C2SP leaves out the height, which is always 8.
		data, err := os.ReadFile(filepath.Join(string(dir), "tile", strings.TrimPrefix(tile.Path(), "tile/8/")))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (folder) SaveTiles([]tlog.Tile, [][]byte) {}

func main() {
	dir := os.Args[1]
	tree := openCheckpoint(dir)
	reader := tlog.TileHashReader(tree, folder(dir))
	checkEntries(dir, tree, reader)
	checkProofs(os.Args[2], tree, reader)
	fmt.Println(tree.N, base64.StdEncoding.EncodeToString(tree.Hash[:]))
}

func openCheckpoint(dir string) tlog.Tree {
	verifier, err := note.NewVerifier(string(read(dir, "vkey")))
	check(err)
	opened, err := note.Open(read(dir, "checkpoint"), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		log.Fatalf("not a checkpoint of %s: %q", verifier.Name(), opened.Text)
	}
	var tree tlog.Tree
	_, err = fmt.Sscanf(lines[1], "%d", &tree.N)
	check(err)
	tree.Hash, err = tlog.ParseHash(lines[2])
	check(err)
	return tree
}

// checkEntries compares the leaf hash of each entry with the tree that the checkpoint's root commits to.
func checkEntries(dir string, tree tlog.Tree, reader tlog.HashReader) {
	for first := int64(0); first < tree.N; first += 256 {
		width := tree.N - first
		tile := tlog.Tile{H: 8, L: 0, N: first / 256, W: 256}
		if width < 256 {
			tile.W = int(width)
		}
		bundle := read(dir, "tile/entries/"+strings.TrimPrefix(tile.Path(), "tile/8/0/"))
		var indexes []int64
		var leaves []tlog.Hash
		for len(bundle) >= 2 {
			length := int(binary.BigEndian.Uint16(bundle))
			leaves = append(leaves, tlog.RecordHash(bundle[2:2+length]))
			indexes = append(indexes, tlog.StoredHashIndex(0, first+int64(len(indexes))))
			bundle = bundle[2+length:]
		}
		if len(leaves) != tile.W || len(bundle) != 0 {
			log.Fatalf("bundle %d has %d entries and %d bytes more", first/256, len(leaves), len(bundle))
		}
		hashes, err := reader.ReadHashes(indexes)
		check(err)
		for n, hash := range hashes {
			if hash != leaves[n] {
				log.Fatalf("entry %d is not the one in the tree", first+int64(n))
			}
		}
	}
}

func checkProofs(path string, tree tlog.Tree, reader tlog.HashReader) {
	data, err := os.ReadFile(path)
	check(err)
	var ours proofs
	check(json.Unmarshal(data, &ours))
	for _, given := range ours.Inclusion {
		hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, given.Index)})
		check(err)
		check(tlog.CheckRecord(tlog.RecordProof(given.Proof), tree.N, tree.Hash, given.Index, hashes[0]))
		theirs, err := tlog.ProveRecord(tree.N, given.Index, reader)
		check(err)
		if fmt.Sprint(theirs) != fmt.Sprint(tlog.RecordProof(given.Proof)) {
			log.Fatalf("the inclusion proofs of entry %d differ", given.Index)
		}
	}
	for _, given := range ours.Consistency {
		check(tlog.CheckTree(tlog.TreeProof(given.Proof), tree.N, tree.Hash, given.From, given.Root))
	}
}

func read(dir, name string) []byte {
	data, err := os.ReadFile(filepath.Join(dir, name))
	check(err)
	return data
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
