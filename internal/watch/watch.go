// Package watch waits for files below directories to change. No link is followed, so
// that nothing outside of what is named is watched; directories that are made later
// are watched as well, and a file that an editor puts in the place of another is a
// change of it. It tells that something changed, and not what: the caller reads again.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Quiet is how long nothing may happen before a change is told, and Longest how long
// that waits while things keep happening.
const (
	Quiet   = 150 * time.Millisecond
	Longest = 2 * time.Second
)

// Bounds on what is watched: each directory takes a watch of the system.
const (
	mostDirectories = 20_000
	deepest         = 200
)

// Watcher watches directories and files.
type Watcher struct {
	notify *fsnotify.Watcher
	trees  []string        // whose directories are watched, all the way down
	files  map[string]bool // that are watched in their directory
	skip   func(name string) bool
	// watched are the directories that were, for their number.
	watched map[string]bool
}

// New watches trees and single files, by absolute names without links. skip says which
// directories of a tree are left out, by their name.
func New(trees, files []string, skip func(name string) bool) (*Watcher, error) {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, reason(err)
	}
	w := &Watcher{notify: notify, trees: trees, skip: skip, watched: map[string]bool{}}
	for _, tree := range trees {
		// The directory around a tree tells that it is gone, or there again.
		err := w.one(filepath.Dir(tree))
		if err == nil {
			err = w.add(tree)
		}
		if err != nil {
			_ = notify.Close()
			return nil, err
		}
	}
	if err := w.Files(files); err != nil {
		_ = notify.Close()
		return nil, err
	}
	return w, nil
}

// Files watches these single files besides the trees, instead of others: they need not
// be there. Of a directory among them, its entries are watched.
func (w *Watcher) Files(files []string) error {
	w.files = map[string]bool{}
	for _, file := range files {
		w.files[file] = true
		if w.inTree(file) {
			continue
		}
		for _, dir := range []string{filepath.Dir(file), file} {
			if info, err := os.Lstat(dir); err != nil || !info.IsDir() {
				continue
			}
			if err := w.one(dir); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
				return err
			}
		}
	}
	return nil
}

// Close ends the watches.
func (w *Watcher) Close() error { return w.notify.Close() }

// Directories is how many directories are watched.
func (w *Watcher) Directories() int { return len(w.notify.WatchList()) }

// add watches a directory and those below it. A directory is watched before it is
// read, so that what is made in it meanwhile is seen by the one or the other.
func (w *Watcher) add(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() {
		return nil // a link, a file, or gone already
	}
	if w.depth(dir) > deepest {
		return fmt.Errorf("%s: directories more than %d levels deep are not watched", dir, deepest)
	}
	if err := w.one(dir); err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil
		}
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // gone, or not ours to read: the analysis says so
	}
	for _, e := range entries {
		if e.Type().IsDir() && !w.skip(e.Name()) {
			if err := w.add(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Watcher) depth(dir string) int {
	for _, tree := range w.trees {
		if rest, ok := below(tree, dir); ok {
			return strings.Count(rest, string(filepath.Separator))
		}
	}
	return 0
}

// below returns what of a name is below a directory.
func below(dir, name string) (rest string, ok bool) {
	if name == dir {
		return "", true
	}
	return strings.CutPrefix(name, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}

func (w *Watcher) one(dir string) error {
	if len(w.watched) >= mostDirectories && !w.watched[dir] {
		return fmt.Errorf("more than %d directories: name fewer", mostDirectories)
	}
	w.watched[dir] = true
	if err := w.notify.Add(dir); err != nil {
		return reason(err)
	}
	return nil
}

// reason says what to do about a limit of the system.
func reason(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return errors.New("the system watches no more directories: raise fs.inotify.max_user_watches, or name fewer")
	case errors.Is(err, syscall.EMFILE):
		return errors.New("the system has no more watchers: raise fs.inotify.max_user_instances, or end another one")
	}
	return err
}

// Wait returns once something has changed and nothing has happened for a while. Its
// error is that of the context, or that nothing can be watched any more.
func (w *Watcher) Wait(ctx context.Context) error {
	var quiet, longest <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-quiet:
			return nil
		case <-longest:
			return nil
		case e, ok := <-w.notify.Events:
			if !ok {
				return errors.New("the watch has ended")
			}
			changed, err := w.event(e)
			if err != nil {
				return err
			}
			if changed {
				quiet = time.After(Quiet)
				if longest == nil {
					longest = time.After(Longest)
				}
			}
		case err, ok := <-w.notify.Errors:
			switch {
			case !ok:
				return errors.New("the watch has ended")
			case errors.Is(err, fsnotify.ErrEventOverflow): // something has changed, and directories may be new
				for _, tree := range w.trees {
					if err := w.add(tree); err != nil {
						return err
					}
				}
				return nil
			default:
				return reason(err)
			}
		}
	}
}

// event takes in what happened, and reports whether it is about something that is
// watched.
func (w *Watcher) event(e fsnotify.Event) (changed bool, err error) {
	name := filepath.Clean(e.Name)
	if e.Op == fsnotify.Chmod {
		return false, nil
	}
	watched := w.files[name] || w.files[filepath.Dir(name)]
	for _, tree := range w.trees {
		rest, ok := below(tree, name)
		watched = watched || ok && !w.skips(rest)
	}
	if !watched {
		return false, nil
	}
	switch {
	case e.Has(fsnotify.Create):
		if w.inTree(name) {
			err = w.add(name)
		}
	case e.Has(fsnotify.Rename), e.Has(fsnotify.Remove):
		delete(w.watched, name)
		_ = w.notify.Remove(name) // a directory that has another name now is a new one there
	}
	return true, err
}

// inTree reports whether a name is in a tree, and not a single file that is watched.
func (w *Watcher) inTree(name string) bool {
	for _, tree := range w.trees {
		if _, ok := below(tree, name); ok {
			return true
		}
	}
	return false
}

// skips reports whether a path goes through a directory that is left out.
func (w *Watcher) skips(path string) bool {
	dir, _ := filepath.Split(path)
	for _, part := range strings.Split(dir, string(filepath.Separator)) {
		if part != "" && w.skip(part) {
			return true
		}
	}
	return false
}
