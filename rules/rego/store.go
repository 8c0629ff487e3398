package rego

import (
	"context"

	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/topdown/print"
)

// noData is the store of the evaluator: rules have no data but their input.
type noData struct{ storage.Store }

func (noData) Read(_ context.Context, _ storage.Transaction, p storage.Path) (any, error) {
	if len(p) == 0 {
		return map[string]any{}, nil
	}
	return nil, &storage.Error{Code: storage.NotFoundErr, Message: "rules have no data but their input"}
}

// printer takes what print says.
type printer = print.Hook
