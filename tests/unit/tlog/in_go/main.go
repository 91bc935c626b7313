// Checks a log with the packages that Go's own checksum database is checked with: it shares no line with what it checks.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type log struct {
	Key         string
	Note        string
	Records     [][]byte
	Inclusion   []struct{ Path [][]byte }
	Consistency []struct{ Path [][]byte }
}

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		found = append(found, h[index])
	}
	return found, nil
}

func main() {
	var given log
	must(json.NewDecoder(os.Stdin).Decode(&given))
	verifier, err := note.NewVerifier(given.Key)
	must(err)
	opened, err := note.Open([]byte(given.Note), note.VerifierList(verifier))
	must(err)
	var origin, root64 string
	var size int64
	_, err = fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &size, &root64)
	must(err)
	root, err := tlog.ParseHash(root64)
	must(err)

	var stored hashes
	for number, record := range given.Records {
		more, err := tlog.StoredHashes(int64(number), record, stored)
		must(err)
		stored = append(stored, more...)
	}
	computed, err := tlog.TreeHash(int64(len(given.Records)), stored)
	must(err)
	if computed != root || size != int64(len(given.Records)) {
		must(fmt.Errorf("the root of %d records is %v, not %v", len(given.Records), computed, root))
	}
	for index, proof := range given.Inclusion {
		leaf := tlog.RecordHash(given.Records[index])
		must(tlog.CheckRecord(proofOf(proof.Path), size, root, int64(index), leaf))
	}
	for before, proof := range given.Consistency {
		old := int64(before) + 1
		oldRoot, err := tlog.TreeHash(old, stored)
		must(err)
		must(tlog.CheckTree(proofOf(proof.Path), size, root, old, oldRoot))
	}
	fmt.Printf("%s: %d records, %d proofs\n", origin, size, len(given.Inclusion)+len(given.Consistency))
}

func proofOf(path [][]byte) []tlog.Hash {
	proof := make([]tlog.Hash, len(path))
	for place, hash := range path {
		copy(proof[place][:], hash)
	}
	return proof
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
